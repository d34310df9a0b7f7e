using System.Buffers;
using System.Text;
using System.Text.Json;
using Pipeline.Events;

namespace Pipeline.Archiving.Tables;

/// <summary>
/// Events of one type. What the schema has no column for goes to <c>extra</c> (members of the record) or <c>envelope</c> (members of
/// the event) as raw JSON, so that a row can be turned back into its event.
/// </summary>
internal abstract class EventTable : Table
{
    /// <summary>
    /// Stands last in <c>extra</c> for a record that does not name its type, which <c>$type</c> would otherwise be restored to. It means so
    /// only where <c>extra</c> has no <c>$type</c>.
    /// </summary>
    public const string Untyped = "$untyped";

    private readonly Int64Column _timeUs;
    private readonly TextColumn _did;
    private readonly TextColumn _operation;
    private readonly TextColumn _rev;
    private readonly TextColumn _rkey;
    private readonly TextColumn _cid;
    private readonly TextColumn _createdAt;
    private readonly TextColumn _extra;
    private readonly TextColumn _envelope;
    private readonly ArrayBufferWriter<byte> _others = new();
    private readonly byte[] _collection;
    private readonly byte[] _typeMember;
    private readonly byte[] _untypedMember = Encoding.ASCII.GetBytes($"\"{Untyped}\":true");
    private readonly byte[][] _operations = [.. Enum.GetValues<Operation>().Select(o => Encoding.ASCII.GetBytes(o.Name()))];

    protected EventTable(EventType type)
    {
        Type = type;
        _collection = Encoding.ASCII.GetBytes(type.Collection());
        _typeMember = Encoding.ASCII.GetBytes($"\"$type\":\"{type.Collection()}\"");
        _timeUs = Add(new Int64Column("time_us"));
        _did = Add(new TextColumn("did", TextKind.Repeating, nullable: false));
        _operation = Add(new TextColumn("operation", TextKind.Repeating, nullable: false));
        _rev = Add(new TextColumn("rev", TextKind.Key, nullable: false));
        _rkey = Add(new TextColumn("rkey", TextKind.Key, nullable: false));
        _cid = Add(new TextColumn("cid"));
        _createdAt = Add(new TextColumn("created_at", TextKind.Key));
        AddColumns();
        _extra = Add(new TextColumn("extra"));
        _envelope = Add(new TextColumn("envelope"));
    }

    public EventType Type { get; }

    public override string Name => Type.Name();

    public static EventTable Create(EventType type) => type switch
    {
        EventType.Post => new PostTable(),
        EventType.Like => new SubjectTable(EventType.Like),
        EventType.Repost => new SubjectTable(EventType.Repost),
        EventType.Follow => new GraphTable(EventType.Follow),
        _ => new GraphTable(EventType.Block),
    };

    /// <summary>Adds a row.</summary>
    /// <param name="extra">What the parser found beside the envelope.</param>
    public void Append(in EventEnvelope envelope, EnvelopeExtra extra)
    {
        _timeUs.Set(envelope.TimeUs);
        _did.Set(envelope.Did);
        _operation.Set(_operations[(int)envelope.Operation]);
        _rev.Set(envelope.Rev);
        _rkey.Set(envelope.Rkey);
        if (!envelope.Cid.IsEmpty) _cid.Set(envelope.Cid);
        if (!envelope.Record.IsEmpty) AppendRecord(envelope.Record);
        if (extra.Json is { IsEmpty: false } json) _envelope.Set(json);
        EndRow();
    }

    /// <summary>Adds the columns of this type, in the constructor.</summary>
    protected abstract void AddColumns();

    /// <summary>
    /// Takes the member whose name the reader stands at, and moves to the end of its value; false when its place is <c>extra</c>, with
    /// nothing set.
    /// </summary>
    protected abstract bool TryAppendMember(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> record);

    private void AppendRecord(ReadOnlySpan<byte> record)
    {
        _others.ResetWrittenCount();
        var (typed, implied, ambiguous) = (false, false, false);
        var reader = new Utf8JsonReader(record, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var probe = reader;
            if (probe.NameIs("$type"u8))
            {
                ambiguous |= typed;
                var isFirst = !typed;
                typed = true;
                if (isFirst && probe.Read() && probe.TokenType == JsonTokenType.String && probe.TextIs(_collection))
                {
                    implied = true;
                    reader = probe;
                    continue;
                }
            }
            else if (probe.NameIs("$untyped"u8)) ambiguous = true;
            else if (probe.NameIs("createdAt"u8) ? probe.Read() && _createdAt.TrySet(ref probe) : TryAppendMember(ref probe, record))
            {
                reader = probe;
                continue;
            }

            reader.Skip();
            AddOther(record[start..(int)reader.BytesConsumed]);
        }

        // What would be read as a statement about the type, and is none, needs the type itself beside it.
        if (!typed) AddOther(_untypedMember);
        else if (implied && ambiguous) AddOther(_typeMember);
        if (_others.WrittenCount == 0) return;
        _others.Write("}"u8);
        _extra.Set(_others.WrittenSpan);
    }

    private void AddOther(ReadOnlySpan<byte> member)
    {
        _others.Write(_others.WrittenCount == 0 ? "{"u8 : ","u8);
        _others.Write(member);
    }
}
