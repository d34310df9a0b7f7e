using System.Globalization;
using System.Reflection;
using FluentAssertions;
using Pipeline.Archiving.Verifying;
using Pipeline.Monitoring;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Faults;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Integration.EndToEnd;
using Xunit;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>The program is killed with SIGKILL between every two steps of its two protocols, early and later on, and started again.</summary>
public sealed class KillPointTests(RedisFixture redis)
{
    private const int SigKill = 128 + 9;

    private static readonly MockFirehoseOptions _options = new() { Events = 12_000 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Steps =>
        [.. typeof(Step).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Killed_at_any_step_the_program_ends_with_every_event_once(string step)
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);

        (await RunAsync(rig, KillPoint.Environment(step, 1))).Should().Be(SigKill, "the step is reached");
        await RunAsync(rig, KillPoint.Environment(step, 3));
        (await RunAsync(rig)).Should().Be(0);

        Expect.ExactlyOnce(rig, Expect.Sent(_options));
        var report = await new LakeVerifier(rig.Lake).VerifyAsync(null, Token);
        report.Findings.Should().BeEmpty("no damaged, stray or left-over file stays");
    }

    private async Task<int> RunAsync(PipelineRig rig, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var program = PipelineProgram.Start(
            [
                "run", "--source", "mock", "--events", _options.Events!.Value.ToString(CultureInfo.InvariantCulture), "--window", "5s", "--schedule", "1s",
                "--redis", redis.ConnectionString, "--log", rig.Log.Name, "--lake", rig.Lake.Path,
            ],
            environment);
        return await program.ExitCodeAsync(Token);
    }
}
