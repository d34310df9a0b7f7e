using System.Runtime.CompilerServices;

namespace Pipeline.Sources.Mock;

/// <summary>Lets records be written as they read on the wire, straight to UTF-8: the compiler cuts the template, no string is made.</summary>
[InterpolatedStringHandler]
#pragma warning disable CS9113, IDE0060 // The compiler passes the two lengths whether wanted or not.
internal readonly ref struct WireJson(int literalLength, int formattedCount, WireBuffer buffer)
#pragma warning restore CS9113, IDE0060
{
    public void AppendLiteral(string literal) => buffer.AppendAscii(literal);

    public void AppendFormatted(string ascii) => buffer.AppendAscii(ascii);

    public void AppendFormatted(long number) => buffer.Append(number);

    public void AppendFormatted(ReadOnlySpan<byte> utf8) => buffer.Append(utf8);

    public void AppendFormatted<T>(T value) where T : struct, IWireValue => value.WriteTo(buffer);
}
