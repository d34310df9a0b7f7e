using System.Text;

namespace Pipeline.Tests.Harness.Lake;

/// <summary>
/// JSON in one spelling, to compare: members in any order are the same, and strings however escaped; numbers are their text
/// (<c>1.0</c> is not <c>1</c>); repeated members all count, half surrogate pairs too.
/// </summary>
public static class CanonicalJson
{
    /// <exception cref="FormatException">This is no JSON.</exception>
    public static string Of(string json) => JsonScanner.Canonical(json);

    /// <exception cref="FormatException">This is no JSON.</exception>
    public static string Of(ReadOnlySpan<byte> utf8) => Of(Encoding.UTF8.GetString(utf8));
}
