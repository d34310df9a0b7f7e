using Pipeline.Events;

namespace Pipeline.Archiving.Tables;

/// <summary>Messages that are no events, with their bytes.</summary>
internal sealed class RejectedTable : Table
{
    private readonly Int64Column _timeUs;
    private readonly TextColumn _reason;
    private readonly Int64Column _size;
    private readonly BinaryColumn _raw;

    public RejectedTable()
    {
        _timeUs = Add(new Int64Column("time_us"));
        _reason = Add(new TextColumn("reason", TextKind.Repeating, nullable: false));
        _size = Add(new Int64Column("size"));
        _raw = Add(new BinaryColumn("raw"));
    }

    public override string Name => LakeFileName.RejectedTable;

    /// <summary>Adds a row.</summary>
    /// <param name="timeUs">The log's time when the message came, in µs since the Unix epoch: it has none of its own that counts.</param>
    /// <param name="size">The message's full length in bytes.</param>
    public void Append(long timeUs, RejectReason reason, long size, ReadOnlySpan<byte> raw)
    {
        _timeUs.Set(timeUs);
        _reason.Set(System.Text.Encoding.ASCII.GetBytes(reason.Name()));
        _size.Set(size);
        _raw.Set(raw);
        EndRow();
    }
}
