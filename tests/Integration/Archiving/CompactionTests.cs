using System.Reflection;
using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Archiving.Verifying;
using Pipeline.Monitoring;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Faults;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Integration.EndToEnd;
using Xunit;

namespace Pipeline.Tests.Integration.Archiving;

/// <summary>Compaction of a lake that the pipeline has written: two and a half hours of log time in windows of five minutes, of which the first hour is finished.</summary>
public sealed class CompactionTests(RedisFixture redis)
{
    private const int SigKill = 128 + 9;

    private static readonly MockFirehoseOptions _options = new() { EventsPerSecond = 1, Events = 9_000 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Steps =>
        [.. typeof(CompactionStep).GetFields(BindingFlags.Static | BindingFlags.Public).Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Killed_at_any_step_it_leaves_every_event_once_and_the_next_one_ends_its_work(string step)
    {
        await using var rig = await OpenAsync();
        await FillAsync(rig);

        (await CompactAsync(rig, KillPoint.Environment(step, 2))).ExitCode.Should().Be(SigKill, "the step is reached");
        Expect.ExactlyOnce(rig, Expect.Sent(_options));
        (await CompactAsync(rig)).ExitCode.Should().Be(0);

        Expect.ExactlyOnce(rig, Expect.Sent(_options));
        (await new LakeVerifier(rig.Lake).VerifyAsync(null, Token)).Findings.Should().BeEmpty("no damaged, stray or left-over file stays");
        PostsOfTheFirstHour(rig).Should().ContainSingle();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Windows_that_Redis_forgot_and_has_written_again_are_not_doubled(int shards)
    {
        await using var rig = await OpenAsync(shards);
        var copy = await FillAsync(rig);
        (await CompactAsync(rig)).ExitCode.Should().Be(0);
        var compacted = PostsOfTheFirstHour(rig);

        await copy.RestoreAsync();
        await rig.DrainAsync(Token);

        Expect.ExactlyOnce(rig, Expect.Sent(_options));
        compacted.Should().HaveCount(shards);
        PostsOfTheFirstHour(rig).Should().Equal(compacted);
        (await new LakeVerifier(rig.Lake).VerifyAsync(null, Token)).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task A_window_of_another_length_that_would_be_written_into_a_compacted_hour_is_refused()
    {
        await using var rig = await OpenAsync();
        var copy = await FillAsync(rig);
        await CompactAsync(rig);
        await copy.RestoreAsync();

        var write = () => rig.With(lake: rig.Lake with { Window = TimeSpan.FromMinutes(6) }).DrainAsync(Token);

        await write.Should().ThrowAsync<LakeException>().WithMessage("*was compacted*--window*");
        Expect.ExactlyOnce(rig, Expect.Sent(_options));
    }

    [Fact]
    public async Task Whoever_is_killed_with_the_gate_in_hand_leaves_it_open()
    {
        await using var rig = await OpenAsync();
        await FillAsync(rig);
        using var killed = PipelineProgram.Start(["compact", rig.Lake.Path], KillPoint.Environment(CompactionStep.Ready, 1));
        await killed.ExitCodeAsync(Token);

        await using (await LakeGate.EnterAsync(new LakeLayout(rig.Lake.Path), Token).WaitAsync(Deadlines.Recovery, Token))
        {
        }
    }

    [Fact]
    public async Task The_program_says_what_it_would_do_does_it_and_has_no_more_to_do()
    {
        await using var rig = await OpenAsync();
        await FillAsync(rig);

        var dryRun = await CompactAsync(rig, arguments: "--dry-run");
        var compacted = await CompactAsync(rig);
        var again = await CompactAsync(rig);

        dryRun.Output.Should().MatchRegex(@"2026-07-04 14h post: 12 files \(.*\) would become 1\n");
        compacted.Output.Should().MatchRegex(@"2026-07-04 14h post: 12 files \(.*\) -> 1 file \(.*\)\n").And.Contain("every row was read back");
        again.Output.Should().StartWith("Nothing to compact before 2026-07-04 15:00 UTC.");
        (dryRun.ExitCode, compacted.ExitCode, again.ExitCode).Should().Be((0, 0, 0));
    }

    private static List<string> PostsOfTheFirstHour(PipelineRig rig)
    {
        using var lake = rig.Read();
        return [.. lake.Files("post").Where(f => f.Contains("/hour=14/", StringComparison.Ordinal))];
    }

    private static async Task<(int ExitCode, string Output)> CompactAsync(PipelineRig rig, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments)
    {
        using var program = PipelineProgram.Start(["compact", rig.Lake.Path, .. arguments], environment);
        return (await program.ExitCodeAsync(Token), await program.OutputAsync());
    }

    private Task<PipelineRig> OpenAsync(int shards = 1) => PipelineRig.OpenAsync(
        redis.ConnectionString, r => r.With(r.Log with { Shards = shards }, r.Lake with { Window = TimeSpan.FromMinutes(5) }));

    /// <summary>Writes everything, and lets the manifests of all but the last windows grow old.</summary>
    /// <returns>What Redis held when nothing was written.</returns>
    private static async Task<KeysCopy> FillAsync(PipelineRig rig)
    {
        await rig.IngestAsync(new MockSource(_options), Token);
        var copy = await KeysCopy.TakeAsync(rig);
        await rig.Writer().WriteClosedWindowsAsync(drain: false, Token);
        foreach (var manifest in Directory.EnumerateFiles(new LakeLayout(rig.Lake.Path).Commits, "*.json", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(manifest, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2));
        }

        await rig.DrainAsync(Token);
        return copy;
    }
}
