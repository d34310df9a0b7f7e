using System.Text;

namespace Pipeline.Commands;

/// <summary>Where a verb prints. When it cannot, that is said as such: the runtime's own message would name neither the place nor the reason.</summary>
internal sealed class OutputStream : Stream
{
    private readonly Stream _output = Console.OpenStandardOutput();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Has everything that is printed go through one.</summary>
    public static void TakeOver()
    {
        var encoding = Console.OutputEncoding is UTF8Encoding ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : Console.OutputEncoding;
        Console.SetOut(new StreamWriter(new OutputStream(), encoding) { AutoFlush = true });
    }

    /// <exception cref="EnvironmentException">There is no room, or nobody to print for.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _output.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentException($"Cannot print to the standard output: {Sentence.Of(e)} Is it closed, or the disk of its file full?", e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => _output.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _output.Dispose();
        base.Dispose(disposing);
    }
}
