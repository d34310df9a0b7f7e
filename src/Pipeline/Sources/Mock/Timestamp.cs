using System.Buffers.Text;

namespace Pipeline.Sources.Mock;

/// <summary>A time as clients write it.</summary>
internal readonly record struct Timestamp(long Micros, TimestampStyle Style) : IWireValue
{
    public void WriteTo(WireBuffer buffer)
    {
        Span<byte> full = stackalloc byte[32];
        Utf8Formatter.TryFormat(DateTime.UnixEpoch.AddMicroseconds(Micros), full, out _, 'O');
        switch (Style)
        {
            case TimestampStyle.Micros:
                buffer.Append(full[..26]);
                buffer.Append((byte)'Z');
                break;
            case TimestampStyle.Seconds:
                buffer.Append(full[..19]);
                buffer.Append((byte)'Z');
                break;
            case TimestampStyle.Offset:
                buffer.Append(full[..19]);
                buffer.Append("+00:00"u8);
                break;
            default:
                buffer.Append(full[..23]);
                buffer.Append((byte)'Z');
                break;
        }
    }
}
