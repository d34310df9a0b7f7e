using System.Text;
using CsCheck;
using Pipeline.Events;
using static Pipeline.Tests.Unit.OddJson;

namespace Pipeline.Tests.Unit;

/// <summary>Generates events that are archived, with records as odd as JSON allows.</summary>
internal static class OddEvents
{
    private static readonly Gen<string> _reference = Object(
        Once("uri", Text), Once("cid", Text), Sometimes("$type", Gen.Const("\"com.atproto.repo.strongRef\"")), Unknown());

    private static readonly Gen<string> _plainReference = Object(Once("uri", Text), Once("cid", Text));

    private static readonly Gen<string> _anyReference = Gen.Frequency((5, _plainReference), (1, _reference), (1, Value));

    private static readonly Gen<string> _reply = Gen.Frequency(
        (5, Object(Once("root", _plainReference), Once("parent", _plainReference))),
        (3, Object(Known("root", _anyReference), Known("parent", _anyReference), Unknown())),
        (1, Value));

    private static readonly Gen<string> _langs = Gen.Frequency(
        (3, Text.Array[0, 3].Select(l => $"[{string.Join(',', l)}]")), (1, Literal.Array[0, 3].Select(l => $"[{string.Join(" , ", l)}]")), (1, Value));

    /// <summary>An event of any of the five types.</summary>
    public static readonly Gen<string> Any =
        from type in OneOf([.. EventTypes.All])
        from operation in OneOf(Operation.Create, Operation.Update, Operation.Delete)
        from timeUs in Gen.OneOf(Gen.Long[1_783_173_600_000_000, 1_783_173_605_000_000], Gen.Long[1_783_160_000_000_000, 1_783_190_000_000_000])
        from commit in Commit(type, operation)
        from json in Object(
            Once("did", SomeText.Select(t => "\"did:" + t[1..])),
            Once("time_us", Gen.Const(timeUs.ToString(System.Globalization.CultureInfo.InvariantCulture))),
            Once("kind", Gen.Const("\"commit\"")),
            Once("commit", Gen.Const(commit)),
            Sometimes("cursor", Value),
            Sometimes("événement", Value))
        select json;

    public static readonly Gen<byte[]> AnyBytes = Any.Select(Encoding.UTF8.GetBytes);

    private static Gen<string> Commit(EventType type, Operation operation)
    {
        var isDelete = operation == Operation.Delete;
        return Object(
            Once("rev", SomeText),
            Once("operation", Gen.Const($"\"{operation.Name()}\"")),
            Once("collection", Gen.Const($"\"{type.Collection()}\"")),
            Once("rkey", SomeText),
            isDelete ? None : Once("record", Record(type)),
            isDelete ? None : Gen.Frequency((9, Once("cid", SomeText)), (1, None)),
            Sometimes("since", Value),
            Gen.Frequency((9, None), (1, Member(Literal.Where(s => s.Length > 2).Select(s => "\"~" + s[1..]), Value).Select(m => (string[])[m]))));
    }

    private static Gen<string> Record(EventType type) => type switch
    {
        EventType.Post => Object(
            Type(type),
            Known("createdAt", Literal),
            Known("text", Literal),
            Known("langs", _langs),
            Known("reply", _reply),
            Known("facets", Value),
            Known("embed", Value),
            Unknown()),
        EventType.Like or EventType.Repost => Object(
            Type(type), Known("createdAt", Literal), Known("subject", _anyReference), Known("via", _anyReference), Unknown()),
        _ => Object(Type(type), Known("createdAt", Literal), Known("subject", Literal), Unknown()),
    };

    private static Gen<string[]> Type(EventType type) => Gen.Frequency(
        (8, Once("$type", Gen.Const($"\"{type.Collection()}\""))), (2, Known("$type", Gen.OneOf(Gen.Const($"\"{type.Collection()}\""), Value))));

    private static Gen<string[]> None => Gen.Const(Array.Empty<string>());

    private static Gen<string> Name(string name) =>
        Gen.Frequency((30, Gen.Const(name)), (1, Gen.Const($"\\u{(int)name[0]:x4}{name[1..]}"))).Select(n => Quote(n));

    private static Gen<string[]> Once(string name, Gen<string> value) => Member(Name(name), value).Select(m => (string[])[m]);

    private static Gen<string[]> Sometimes(string name, Gen<string> value) => Gen.Frequency((9, None), (1, Once(name, value)));

    /// <summary>A member that has a column: as expected, absent, of any type, or repeated.</summary>
    private static Gen<string[]> Known(string name, Gen<string> value) => Gen.Frequency(
        (12, Once(name, value)), (2, None), (2, Once(name, Value)), (1, Member(Name(name), Gen.OneOf(value, Value)).Array[2, 3]));

    private static Gen<string[]> Unknown() => Gen.Frequency(
        (4, None), (2, Member(Literal, Value).Array[0, 3]), (1, Once("$untyped", Gen.OneOf(Gen.Const("true"), Value))));
}
