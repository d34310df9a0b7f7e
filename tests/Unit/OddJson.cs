using CsCheck;

namespace Pipeline.Tests.Unit;

/// <summary>Generates JSON text of every legal kind, the unlikely first: what a server may send, not what it does send.</summary>
internal static class OddJson
{
    private static readonly string[] _pieces =
        ["a", "Zz9", " ", "", "did:", "é", "\uff01", "😀", "\u007f", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\u0000", "\\ud83d\\ude00", "\\u00e9", "\u2028"];

    private static readonly string[] _halves = ["\\ud83d", "\\udE00", "\\uD800x"];

    private static readonly string[] _numbers =
        ["0", "-0", "1", "1.0", "1e400", "-1E-400", "123456789012345678901234567890", "0.10", "9223372036854775807", "1E+2"];

    /// <summary>A string literal that is text, escapes included.</summary>
    public static readonly Gen<string> Text = OneOf(_pieces).Array[0, 5].Select(Quote);

    /// <summary>The same, never empty.</summary>
    public static readonly Gen<string> SomeText = OneOf(_pieces).Array[0, 5].Select(p => Quote([.. p, "x"]));

    /// <summary>A string literal that may hold half a surrogate pair.</summary>
    public static readonly Gen<string> Literal = Gen.Frequency((9, Text), (1, OneOf([.. _pieces, .. _halves, .. _halves]).Array[1, 4].Select(Quote)));

    public static readonly Gen<string> Space = Gen.Frequency((12, Gen.Const("")), (1, OneOf(" ", "\n", "\r\n", "\t ")));

    /// <summary>Any value.</summary>
    public static readonly Gen<string> Value = ValueOf(3);

    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>An object of these members, <c>"name":value</c> or null for absent, in any order.</summary>
    public static Gen<string> Object(params Gen<string[]>[] members) =>
        from parts in Sequence(members)
        let all = parts.SelectMany(m => m).ToArray()
        from order in Gen.Shuffle(all)
        from space in Space
        select $"{{{space}{string.Join($"{space},{space}", order)}{space}}}";

    public static Gen<string> Member(Gen<string> name, Gen<string> value) =>
        from n in name
        from space in Space
        from v in value
        select $"{n}{space}:{space}{v}";

    public static string Quote(params string[] pieces) => $"\"{string.Concat(pieces)}\"";

    private static Gen<T[]> Sequence<T>(Gen<T>[] gens) =>
        gens.Aggregate(Gen.Const(Array.Empty<T>()), (all, next) => from a in all from n in next select (T[])[.. a, n]);

    private static Gen<string> ValueOf(int depth)
    {
        var simple = Gen.OneOf(OneOf("null", "true", "false"), OneOf(_numbers), Literal);
        if (depth == 0) return simple;
        var inner = ValueOf(depth - 1);
        var array = inner.Array[0, 4].Select(v => $"[{string.Join(", ", v)}]");
        var obj = Object(Member(Literal, inner).Array[0, 4]);
        var deep = Gen.Int[1, 55].Select(n => string.Concat(Enumerable.Repeat("[{\"d\":", n)) + "1" + string.Concat(Enumerable.Repeat("}]", n)));
        return Gen.Frequency((6, simple), (2, array), (2, obj), (depth == 3 ? 1 : 0, deep));
    }
}
