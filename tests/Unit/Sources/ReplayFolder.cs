using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Sources;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Pipeline.Tests.Unit.Sources;

/// <summary>A temporary folder of files to replay; gone when disposed.</summary>
internal sealed class ReplayFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("replay-").FullName;

    public string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>Writes a file, packed as its name says.</summary>
    public string Write(string name, byte[] content)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Pack(name, content));
        return path;
    }

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public static byte[] Pack(string name, byte[] content)
    {
        using var target = new MemoryStream();
        using (Stream packer = Path.GetExtension(name) switch
        {
            ".gz" => new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true),
            ".zst" => Zstd(target),
            _ => new BufferedStream(target),
        })
        {
            packer.Write(content);
            packer.Flush();
            if (packer is BufferedStream)
                return target.ToArray();
        }

        return target.ToArray();
    }

    /// <summary>With a checksum, as the zstd command packs.</summary>
    private static CompressionStream Zstd(Stream target)
    {
        var packer = new CompressionStream(target, leaveOpen: true);
        packer.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return packer;
    }

    public FileReplaySource Source(string name = "", int maxEventBytes = 1024 * 1024) => new(
        new FileReplayOptions { Path = PathOf(name), MaxEventBytes = maxEventBytes }, new FakeTimeProvider());

    public static async Task<List<Replayed>> ReadAsync(FileReplaySource source, long? position = null)
    {
        var replayed = new List<Replayed>();
        await ReadIntoAsync(replayed, source, position);
        return replayed;
    }

    public static async Task ReadIntoAsync(List<Replayed> replayed, FileReplaySource source, long? position = null)
    {
        await foreach (var message in source.ReadAsync(position, Xunit.TestContext.Current.CancellationToken))
            replayed.Add(new Replayed(Encoding.Latin1.GetString(message.Bytes.Span), message.Length, message.Position!.Value));
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
