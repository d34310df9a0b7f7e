using System.Text.Json;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Pipeline.Tests.Unit.Sources.Mock;

/// <summary>What events cost, each on average: to carry, to keep and to parse.</summary>
/// <param name="Compressed">Bytes after zstd level 1 with checksum, in frames of newline-joined events.</param>
/// <param name="Nanoseconds">To read every token once: the best of several rounds, for people, not for assertions.</param>
internal sealed record EventWeight(int Events, double Bytes, double Compressed, double Tokens, double Nanoseconds)
{
    // As few as there are real ones: what is read over and over is parsed faster, since caches and branch predictors learn it.
    private const int TimedEvents = 100;

    public static EventWeight Of(List<byte[]> events, int frame) => new(
        events.Count,
        events.Average(e => e.Length),
        events.Chunk(frame).Where(chunk => chunk.Length == frame).Average(Compress) / frame,
        events.Average(e => (double)CountTokens(e)),
        Enumerable.Range(0, 10).Min(_ => Parse([.. events.Take(TimedEvents)])));

    public override string ToString() =>
        $"{Events,6} events {Bytes,6:F1} B {Compressed,6:F1} B compressed {Tokens,5:F1} tokens {Nanoseconds,5:F0} ns";

    private static double Parse(List<byte[]> events)
    {
        var rounds = Math.Max(1, 10_000 / events.Count);
        var started = TimeProvider.System.GetTimestamp();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var e in events)
                CountTokens(e);
        }

        return TimeProvider.System.GetElapsedTime(started).TotalNanoseconds / events.Count / rounds;
    }

    private static int Compress(byte[][] frame)
    {
        using var zstd = new Compressor(1);
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        using var joined = new MemoryStream();
        foreach (var e in frame)
        {
            if (joined.Length > 0)
                joined.WriteByte((byte)'\n');
            joined.Write(e);
        }

        return zstd.Wrap(joined.ToArray()).Length;
    }

    private static int CountTokens(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        var tokens = 0;
        while (reader.Read())
            tokens++;
        return tokens;
    }
}
