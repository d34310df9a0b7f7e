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
    [InlineData(2, "--linger is 'soon'", "ingest", "--linger", "soon")]
    [InlineData(2, "--redis is no Redis address", "peek", "--redis", "http://user:sesame@host")]
    [InlineData(3, "does not answer", "peek", "--redis", "redis://user:sesame@127.0.0.1:1")]
    [InlineData(3, "no such file", "run", "--source", "nowhere.jsonl")]
    [InlineData(3, "There is no lake", "verify", "nowhere")]
    [InlineData(3, "There is no lake", "compact", "nowhere")]
    [InlineData(3, "is a file; a lake is a folder", "compact", "/etc/hostname")]
    [InlineData(2, "The lake to compact is empty; name its folder", "compact", "")]
    [InlineData(2, "Required argument 'lake' missing", "compact")]
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
    [InlineData(3, "does not answer (Connection refused): start it", "ingest", "--redis", "127.0.0.1:1", "--source", "mock", "--rate", "1")]
    [InlineData(2, "--redis is no Redis address", "peek", "--redis", "no host:6379")]
    [InlineData(2, "'--windw' is no command, option or argument here; did you mean --window? Try `pipeline run --help`.", "run", "--windw", "5m")]
    [InlineData(2, "'demoo' is no command, option or argument here; did you mean demo? Try `pipeline --help`.", "demoo")]
    [InlineData(2, "'--passwort...' is no command, option or argument here. Try `pipeline peek --help`.", "peek", "--passwort=sesame")]
    [InlineData(2, "Try `pipeline runs retry --help`.", "runs", "retry")]
    [InlineData(2, "did you mean change? Try `pipeline schedule --help`.", "schedule", "chnge", "1m")]
    [InlineData(2, "--events is 'many'; use a whole number.", "demo", "--events", "many")]
    [InlineData(2, "--events has no value.", "demo", "--events")]
    [InlineData(2, "--lake is given more than once; leave one out.", "run", "--lake", "a", "--lake", "b")]
    [InlineData(2, "--lake has no value: --log, which follows it, is an option of its own.", "run", "--lake", "--log", "x")]
    [InlineData(2, "--count is '99999999999'; use a whole number, 2147483647 at most.", "peek", "-n", "99999999999")]
    [InlineData(2, "--source is 'jetsteam', and there is no such file; did you mean jetstream?", "ingest", "--source", "jetsteam")]
    [InlineData(2, "--jetstream-hosts is ','; use host names", "ingest", "--jetstream-hosts", ",")]
    public async Task What_cannot_work_gets_one_line_and_an_exit_code(int code, string message, params string[] arguments)
    {
        using var program = PipelineProgram.Start(arguments);

        (await program.ExitCodeAsync(Token)).Should().Be(code);
        (await program.ErrorAsync()).Trim().Should().Contain(message).And.NotContain("\n").And.NotContain("sesame");
    }

    [Fact]
    public async Task What_cannot_be_printed_is_said()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a file that is always full.");
        using var program = PipelineProgram.StartPrintingTo("/dev/full", "run", "--help");

        (await program.ExitCodeAsync(Token)).Should().Be(3);
        (await program.ErrorAsync()).Trim().Should().StartWith("pipeline: Cannot print to the standard output: ").And.NotContain("\n");
    }

    [Theory]
    [InlineData("C.UTF-8", "\u2500\u2500\u2500")]
    [InlineData("de_DE.ISO-8859-1", "|---")]
    public async Task Tables_are_drawn_with_what_the_terminal_has(string locale, string line)
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        string[] log = ["--log", rig.Log.Name, "--redis", redis.ConnectionString];
        using var ingest = PipelineProgram.Start(["ingest", "--source", "mock", "--events", "100", .. log]);
        (await ingest.ExitCodeAsync(Token)).Should().Be(0, await ingest.OutputAsync());
        using var peek = PipelineProgram.Start(["peek", "-n", "1", .. log], new Dictionary<string, string> { ["LC_ALL"] = locale });

        (await peek.OutputAsync()).Should().Contain(line).And.NotContain("?");
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
