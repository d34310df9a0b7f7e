using System.Text;
using Pipeline.Archiving;
using Pipeline.Archiving.Compacting;
using Pipeline.Archiving.Verifying;
using Pipeline.Tests.Harness.Lake;
using Pipeline.Tests.Unit.Archiving.Verifying;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Compacting;

/// <summary>A lake with the windows of some hours and no manifest of them; gone when disposed.</summary>
internal sealed class PiecemealLake : IDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly SmallLake _lake = new(rowGroupRows: 16);
    private readonly LakeReader _reader;

    public PiecemealLake() => _reader = new LakeReader(_lake.Layout.Root);

    public LakeLayout Layout => _lake.Layout;

    public LakeOptions Options => new() { Path = Layout.Root, RowGroupRows = 64 };

    public LakeReader Reader => _reader;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Writes windows with several of every kind of event, from noon on; the hour is over.</summary>
    public async Task<IReadOnlyList<StagedWindow>> FillAsync(int windows = 3, int events = 20)
    {
        var written = new List<StagedWindow>();
        for (var i = 0; i < windows; i++) written.Add(await WriteAsync(i, Wire.Mixture($"w{i}", events)));
        FinishedBefore(Wire.Noon.AddHours(1));
        return written;
    }

    /// <summary>Writes one window of noon's rows.</summary>
    /// <param name="number">How many windows after noon.</param>
    public Task<StagedWindow> WriteAsync(int number, params IReadOnlyList<byte[]> events) => _lake.WriteAsync(Wire.Noon + (number * Window), events);

    /// <summary>Says by a manifest that everything before is as it will be.</summary>
    public void FinishedBefore(DateTimeOffset time) => WriteManifest(time);

    public void WriteManifest(DateTimeOffset window, params string[] files) => _lake.WriteText(
        $"_pipeline/commits/log-0/{new TimeWindow(window.ToUnixTimeMilliseconds(), 0).Name}.json",
        Encoding.UTF8.GetString(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            new CommitManifest("log", window.ToUnixTimeMilliseconds(), (window + Window).ToUnixTimeMilliseconds(), 0, 1, null, null, files, [], new Dictionary<string, long>()),
            CommitManifestJson.Default.CommitManifest)));

    public async Task<IReadOnlyList<CompactedHour>> CompactAsync() => await Compactor().CompactAsync(Token).ToListAsync(Token);

    /// <summary>It waits for nobody who may still list what it replaces.</summary>
    public LakeCompactor Compactor(TimeProvider? time = null) => new(Options, time ?? TimeProvider.System) { Grace = TimeSpan.Zero };

    public Task<LakeReport> VerifyAsync() => _lake.VerifyAsync();

    public IReadOnlyList<string> Files(string table) => _reader.Files(table);

    /// <summary>Every row as DuckDB sees it, one beside the other.</summary>
    public IReadOnlyList<string> Rows() =>
    [
        .. LakeReader.Tables.SelectMany(table => _reader.Rows(table).Select(row => table + " " + string.Join(' ', row.OrderBy(c => c.Key, StringComparer.Ordinal).Select(Text))))
            .Order(StringComparer.Ordinal),
    ];

    public void Dispose()
    {
        _reader.Dispose();
        _lake.Dispose();
    }

    private static string Text(KeyValuePair<string, object?> column) => column.Key + "=" + column.Value switch
    {
        null => "(null)",
        byte[] bytes => Convert.ToHexString(bytes),
        IEnumerable<string?> list => $"[{string.Join('|', list.Select(e => e ?? "(null)"))}]",
        var value => value.ToString(),
    };
}
