using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Archiving.Verifying;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Verifying;

public sealed class CleanLakeTests : IDisposable
{
    private readonly SmallLake _lake = new(rowGroupRows: 16);

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task A_clean_lake_gives_no_finding_and_its_figures()
    {
        _lake.WriteManifest(await _lake.WriteAsync(Wire.Noon, Wire.Mixture("one", count: 600)));
        _lake.WriteManifest(await _lake.WriteAsync(Wire.Noon.AddMinutes(5), Wire.Mixture("two")));
        await _lake.WriteAsync(Wire.Noon.AddHours(2), Wire.Post("late", TimeSpan.FromHours(2)));

        var report = await _lake.VerifyAsync();

        report.Findings.Should().BeEmpty();
        report.IsSound.Should().BeTrue();
        report.Notes.Should().BeEmpty();
        report.Files.Should().Be(9);
        report.Windows.Should().Be(3);
        report.Bytes.Should().BePositive();
        report.Rows.Should().BeEquivalentTo(
            new Dictionary<string, long> { ["post"] = 1241, ["like"] = 620, ["follow"] = 620, ["repost"] = 0, ["block"] = 0, ["rejected"] = 2 });
        report.FirstHour.Should().Be(Wire.Noon);
        report.LastHour.Should().Be(Wire.Noon.AddHours(2));
    }

    [Fact]
    public async Task Empty_partition_folders_are_fine()
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Post("a"));
        Directory.CreateDirectory(_lake.Full("year=2026/month=08/day=31/hour=23/type=block"));

        (await _lake.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task The_same_record_created_updated_and_deleted_is_no_duplicate()
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Post("a"), Wire.Post("a", operation: "update"), Wire.Post("a", operation: "delete"), Wire.Like("a"));

        (await _lake.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task Progress_ends_at_all_files_and_rows()
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Mixture("one"));
        var steps = new Steps();

        var report = await new LakeVerifier(_lake.Layout).VerifyAsync(steps, TestContext.Current.CancellationToken);

        steps.Seen.Should().HaveCount(report.Files);
        steps.Seen[^1].Should().Be(new LakeProgress(report.Files, report.Files, report.Rows.Values.Sum(), 0));
    }

    [Fact]
    public async Task Verifying_can_be_cancelled()
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Mixture("one"));
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var verifying = () => new LakeVerifier(_lake.Layout).VerifyAsync(null, stop.Token);

        await verifying.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task An_empty_lake_is_a_finding_because_nothing_was_verified()
    {
        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.EmptyLake);
        finding.Message.Should().Contain(_lake.Layout.Root).And.Contain("pipeline write");
    }

    [Fact]
    public async Task A_missing_lake_is_an_error_that_says_what_to_do()
    {
        var missing = new LakeLayout(_lake.Full("nowhere"));

        var verifying = () => new LakeVerifier(missing).VerifyAsync(null, TestContext.Current.CancellationToken);

        (await verifying.Should().ThrowAsync<LakeException>()).Which.Message.Should().Contain(missing.Root).And.Contain("Name an existing one");
    }

    private sealed class Steps : IProgress<LakeProgress>
    {
        public List<LakeProgress> Seen { get; } = [];

        public void Report(LakeProgress value) => Seen.Add(value);
    }
}
