using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;

namespace Pipeline.Sources;

/// <summary>
/// Replays files of one JSON event a line. A position is the count of lines read so far, blank ones included, over all files in
/// order: exact as long as the files before it stay as they are; adding files that sort last is fine.
/// </summary>
public sealed class FileReplaySource : IEventSource
{
    private readonly FileReplayOptions _options;
    private readonly TimeProvider _time;
    private readonly string _path;

    /// <exception cref="SourceException">An option is out of range, or there is nothing to read.</exception>
    public FileReplaySource(FileReplayOptions options, TimeProvider time)
    {
        options.Validate();
        _options = options;
        _time = time;
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Path));
        Name = NameOf(_path, ReplayFile.ReadFirstLine(ReplayFiles.Find(_path)[0]));
    }

    /// <summary>Tells one replay from another by its path and its first line: a position in a file means nothing in another that took its place.</summary>
    public string Name { get; }

    public bool IsLive => false;

    public long Rewind => 0;

    /// <exception cref="SourceException">A file is missing, damaged, or shorter than the position says.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async IAsyncEnumerable<SourceMessage> ReadAsync(
        long? position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var clock = new ReplayClock(_options.EventsPerSecond, _time);
        var toSkip = position ?? 0;
        var consumed = 0L;
        foreach (var path in ReplayFiles.Find(_path))
        {
            await using var file = ReplayFile.Open(path, _options.MaxEventBytes);
            do
            {
                if (consumed < toSkip)
                    consumed += file.Lines.Skip(toSkip - consumed);

                while (consumed >= toSkip && file.Lines.TryReadLine(out var line))
                {
                    consumed++;
                    if (line.Length == 0)
                        continue;

                    cancellationToken.ThrowIfCancellationRequested();
                    await clock.NextAsync(cancellationToken);
                    yield return new SourceMessage(line.Bytes, line.Length, consumed);
                }
            }
            while (await file.Lines.FillAsync(cancellationToken));
        }

        if (consumed < toSkip)
        {
            throw new SourceException(
                $"Cannot resume '{_path}' after line {toSkip}: it has only {consumed} now. Put back the files the log was filled from, or start with an empty log.");
        }
    }

    private static string NameOf(string path, ReadOnlySpan<byte> firstLine) =>
        $"file-{XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(path)):x8}{XxHash32.HashToUInt32(firstLine):x8}";
}
