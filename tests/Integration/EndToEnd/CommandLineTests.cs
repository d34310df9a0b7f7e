using FluentAssertions;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

public sealed class CommandLineTests(RedisFixture redis)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_writes_a_finished_source_to_its_last_event_and_verify_agrees()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var run = PipelineProgram.Start(
            ["run", "--source", "mock", "--events", "3000", "--window", "10s", "--log", rig.Log.Name, "--lake", rig.Lake.Path, "--redis", redis.ConnectionString]);
        (await run.ExitCodeAsync(Token)).Should().Be(0, await run.OutputAsync());

        using var verify = PipelineProgram.Start(["verify", rig.Lake.Path]);
        (await verify.ExitCodeAsync(Token)).Should().Be(0, await verify.OutputAsync());
        Expect.ExactlyOnce(rig, Expect.Sent(new MockFirehoseOptions { Events = 3000 }));
    }

    [Fact]
    public async Task Ingest_and_write_work_as_two_programs_and_peek_shows_the_log()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        string[] log = ["--log", rig.Log.Name, "--redis", redis.ConnectionString];
        using var ingest = PipelineProgram.Start(["ingest", "--source", "mock", "--events", "3000", .. log]);
        (await ingest.ExitCodeAsync(Token)).Should().Be(0, await ingest.OutputAsync());
        using var peek = PipelineProgram.Start(["peek", "-n", "3", "--json", .. log]);
        (await peek.OutputAsync()).Trim().Split('\n').Should().HaveCount(3).And.OnlyContain(l => l.StartsWith("{\"did\":"));
        using var write = PipelineProgram.Start(["write", "--once", "--drain", "--lake", rig.Lake.Path, .. log]);
        (await write.ExitCodeAsync(Token)).Should().Be(0, await write.OutputAsync());

        Expect.ExactlyOnce(rig, Expect.Sent(new MockFirehoseOptions { Events = 3000 }));
    }

    [Fact]
    public async Task A_stop_signal_ends_the_program_with_0_within_five_seconds()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var run = PipelineProgram.Start(
            ["run", "--source", "mock", "--rate", "500", "--window", "1s", "--log", rig.Log.Name, "--lake", rig.Lake.Path, "--redis", redis.ConnectionString]);
        await Eventually.TrueAsync("events arrive", async () => await rig.Database.StreamLengthAsync(rig.Logs[0].Keys.Stream) > 5, Deadlines.Container);

        run.Terminate();

        (await run.ExitsWithinAsync(Deadlines.CleanEnd, Token)).Should().BeTrue();
        (await run.ExitCodeAsync(Token)).Should().Be(0, await run.OutputAsync());
    }

    [Theory]
    [InlineData(2, "--window is '7m'", "run", "--window", "7m")]
    [InlineData(2, "'--windw' is no", "run", "--windw", "5m")]
    [InlineData(2, "--linger is 'soon'", "ingest", "--linger", "soon")]
    [InlineData(2, "--redis is no Redis address", "peek", "--redis", "http://user:sesame@host")]
    [InlineData(3, "does not answer", "peek", "--redis", "redis://user:sesame@127.0.0.1:1")]
    [InlineData(3, "no such file", "run", "--source", "nowhere.jsonl")]
    [InlineData(3, "There is no lake", "verify", "nowhere")]
    [InlineData(3, "is a file; a lake is a folder", "verify", "/etc/hostname")]
    [InlineData(2, "--lake is empty; name a folder", "run", "--lake", "")]
    [InlineData(2, "The lake to verify is empty; name its folder", "verify", "")]
    [InlineData(2, "--from is empty; name a file", "demo", "--from", " ")]
    [InlineData(2, "--source is empty; name jetstream, mock", "ingest", "--source", "")]
    [InlineData(2, "--redis-file is empty", "peek", "--redis-file", "")]
    [InlineData(2, "--redis-ca is empty", "peek", "--redis", "rediss://localhost", "--redis-ca", "")]
    [InlineData(2, "--redis is no Redis address", "peek", "--redis", "redis://localhost/-1")]
    [InlineData(2, "--redis is no Redis address", "peek", "--redis", "redis://localhost/99999999999")]
    [InlineData(2, "--redis is no Redis address", "peek", "--redis", "redis://name-without-password@localhost")]
    [InlineData(2, "--redis is no Redis address", "peek", "--redis", "redis://localhost?db=3")]
    [InlineData(3, "localhost.invalid:6379 does not answer", "peek", "--redis", "localhost.invalid")]
    public async Task What_cannot_work_gets_one_line_and_an_exit_code(int code, string message, params string[] arguments)
    {
        using var program = PipelineProgram.Start(arguments);

        (await program.ExitCodeAsync(Token)).Should().Be(code);
        (await program.ErrorAsync()).Trim().Should().Contain(message).And.NotContain("\n").And.NotContain("sesame");
    }

    [Fact]
    public async Task An_unknown_variable_gets_a_guess_at_what_was_meant()
    {
        using var program = PipelineProgram.Start(["peek"], new Dictionary<string, string> { ["PIPELINE_RDIS"] = "localhost" });

        (await program.ExitCodeAsync(Token)).Should().Be(2);
        (await program.ErrorAsync()).Should().Contain("PIPELINE_RDIS is no setting; did you mean PIPELINE_REDIS?");
    }

    [Fact]
    public async Task A_refused_password_is_said_and_not_shown()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions(Password: "right"));
        using var program = PipelineProgram.Start(["peek", "--redis", $"{server.Host}:{server.Port},password=sesame"]);

        (await program.ExitCodeAsync(Token)).Should().Be(3);
        (await program.ErrorAsync()).Should().Contain("refuses user 'default'").And.NotContain("sesame");
    }
}
