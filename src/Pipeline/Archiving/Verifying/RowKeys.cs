using Pipeline.Events;

namespace Pipeline.Archiving.Verifying;

/// <summary>What tells the rows of one row group apart; valid until the next row group is read.</summary>
internal sealed class RowKeys(EventType? type) : IDisposable
{
    private readonly byte[] _collection = System.Text.Encoding.ASCII.GetBytes(type?.Collection() ?? "");

    /// <summary>The type of event; null for rejected ones, which have nothing but a time.</summary>
    public EventType? Type => type;

    public int Count { get; set; }

    public ColumnBuffer<long> TimeUs { get; } = new();

    public ColumnBuffer<ReadOnlyMemory<byte>> Did { get; } = new();

    public ColumnBuffer<ReadOnlyMemory<byte>> Operation { get; } = new();

    public ColumnBuffer<ReadOnlyMemory<byte>> Rev { get; } = new();

    public ColumnBuffer<ReadOnlyMemory<byte>> Rkey { get; } = new();

    public ColumnBuffer<ReadOnlyMemory<byte>> Cid { get; } = new();

    /// <summary>The row's operation; null when it is none.</summary>
    public Operation? OperationOf(int row)
    {
        var name = Operation.Values[row].Span;
        if (name.SequenceEqual("create"u8)) return Events.Operation.Create;
        if (name.SequenceEqual("update"u8)) return Events.Operation.Update;
        return name.SequenceEqual("delete"u8) ? Events.Operation.Delete : null;
    }

    public UInt128 IdentityOf(int row, Operation operation) =>
        EventIdentity.Of(Did.Values[row].Span, _collection, Rkey.Values[row].Span, Rev.Values[row].Span, operation);

    /// <summary>Whether a column is one of the keys.</summary>
    public static bool IsKey(string column) => column is "time_us" or "did" or "operation" or "rev" or "rkey" or "cid";

    /// <summary>The buffer of a text column; null when the column is no key or no text.</summary>
    public ColumnBuffer<ReadOnlyMemory<byte>>? Column(string name) => name switch
    {
        "did" => Did,
        "operation" => Operation,
        "rev" => Rev,
        "rkey" => Rkey,
        "cid" => Cid,
        _ => null,
    };

    /// <summary>Lets go of the values, and keeps the memory.</summary>
    public void Clear()
    {
        Did.Clear();
        Operation.Clear();
        Rev.Clear();
        Rkey.Clear();
        Cid.Clear();
    }

    public void Dispose()
    {
        TimeUs.Dispose();
        Did.Dispose();
        Operation.Dispose();
        Rev.Dispose();
        Rkey.Dispose();
        Cid.Dispose();
    }
}
