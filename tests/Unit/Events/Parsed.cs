using System.Text;
using Pipeline.Events;

namespace Pipeline.Tests.Unit.Events;

/// <summary>An envelope whose parts outlive the parser, to compare.</summary>
internal sealed record Parsed(
    EventKind Kind,
    RejectReason? Reason,
    long TimeUs,
    EventType Type,
    Operation Operation,
    string Did,
    string Collection,
    string Rev,
    string Rkey,
    string Cid,
    string Record,
    string Extra,
    UInt128 Identity)
{
    public static Parsed Of(string json) => Of(Encoding.UTF8.GetBytes(json));

    public static Parsed Of(byte[] json)
    {
        var extra = new EnvelopeExtra();
        var e = new EventParser(new EventLimits()).Parse(json, extra);
        return new Parsed(
            e.Kind,
            e.Kind == EventKind.Rejected ? e.Reason : null,
            e.TimeUs,
            e.Type,
            e.Operation,
            Text(e.Did),
            Text(e.Collection),
            Text(e.Rev),
            Text(e.Rkey),
            Text(e.Cid),
            Text(e.Record),
            Text(extra.Json),
            EventIdentity.Of(e));
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
