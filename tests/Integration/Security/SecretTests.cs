using System.Security.Cryptography;
using System.Text.RegularExpressions;
using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Commands;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Integration.Sources;
using Xunit;

namespace Pipeline.Tests.Integration.Security;

/// <summary>A password never appears: not in what the program prints, logs or throws, whatever goes right or wrong.</summary>
public sealed partial class SecretTests(SecureRedis redis) : IDisposable
{
    // With what an address has to escape, so that it is looked for in both forms.
    private readonly string _secret = $"s3:{RandomNumberGenerator.GetHexString(20)}/@%";
    private readonly string _folder = Directory.CreateTempSubdirectory("secret-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Escaped => Uri.EscapeDataString(_secret);

    /// <summary>The part that survives every escaping.</summary>
    private string Core => _secret[3..^3];

    [Fact]
    public async Task No_verb_shows_it_in_its_help()
    {
        foreach (var verb in await VerbsAsync())
        {
            var help = await OutputAsync(0, [verb, "--help"], ("PIPELINE_REDIS", $"redis://user:{Escaped}@localhost:1"));
            help.Should().Contain(verb);
        }
    }

    [Theory]
    [InlineData(3, "redis://user:{0}@127.0.0.1:1")]
    [InlineData(3, "rediss://user:{0}@127.0.0.1:1")]
    [InlineData(3, "127.0.0.1:1,user=me,password={1}")]
    [InlineData(2, "http://user:{0}@127.0.0.1")]
    [InlineData(2, "redis://user:{0}@127.0.0.1:port")]
    [InlineData(2, "redis://127.0.0.1:1/{0}")]
    [InlineData(2, "127.0.0.1:1,password={1},sesame=open")]
    public async Task An_address_that_leads_nowhere_is_not_repeated(int code, string address)
    {
        var text = Filled(address);
        var file = Path.Combine(_folder, "address");
        await File.WriteAllTextAsync(file, text, Token);

        await OutputAsync(code, ["peek", "--redis", text]);
        await OutputAsync(code, ["peek"], ("PIPELINE_REDIS", text));
        await OutputAsync(code, ["peek", "--redis-file", file]);
    }

    [Fact]
    public async Task No_verb_shows_it_when_Redis_cannot_be_reached()
    {
        foreach (var verb in await VerbsOfRedisAsync()) await OutputAsync(3, [.. verb, "--redis", Filled("redis://user:{0}@127.0.0.1:1")]);
    }

    [Theory]
    [InlineData("--redis-file", "redis://user:{0}@localhost")]
    [InlineData("--redis-file", "localhost,password={1}")]
    [InlineData("--rediss=redis://user:{0}@localhost")]
    [InlineData("redis://user:{0}@localhost")]
    [InlineData("localhost:6379,password={1}")]
    public async Task A_mistyped_call_does_not_show_it(params string[] arguments)
    {
        await OutputAsync(2, ["peek", .. arguments.Select(Filled)]);
    }

    [Fact]
    public async Task No_verb_shows_it_when_Redis_refuses_it()
    {
        var server = await redis.ServerAsync();
        foreach (var verb in await VerbsOfRedisAsync())
        {
            await OutputAsync(3, [.. verb, "--redis", $"rediss://ingest:{Escaped}@localhost:{server.Port}", "--redis-ca", redis.AuthorityFile]);
        }
    }

    [Fact]
    public async Task No_verb_shows_it_when_all_goes_well()
    {
        var user = $"user-{Guid.NewGuid():N}";
        await redis.SetUserAsync(user, ["on", $">{_secret}", .. await redis.RightsAsync("pipeline")]);
        string[] login = ["--redis", $"rediss://{user}:{Escaped}@localhost:{(await redis.ServerAsync()).Port}", "--redis-ca", redis.AuthorityFile, "--log", SecureRedis.NewLog()];
        var lake = Path.Combine(_folder, "lake");

        await OutputAsync(0, ["ingest", "--source", "mock", "--events", "500", .. login]);
        await OutputAsync(0, ["peek", .. login]);
        await OutputAsync(0, ["write", "--once", "--drain", "--lake", lake, .. login]);
        await OutputAsync(0, ["verify", lake], ("PIPELINE_REDIS", login[1]));
        (await OutputAsync(0, ["run", "--source", "mock", "--events", "500", "--lake", lake, .. login])).Should().NotBeNull();
        Directory.EnumerateFiles(lake, "*", SearchOption.AllDirectories).Where(f => File.ReadAllText(f).Contains(Core, StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_thrown_does_not_hold_it()
    {
        var server = await redis.ServerAsync();
        foreach (var address in new[] { $"redis://user:{Escaped}@127.0.0.1:1", $"rediss://ingest:{Escaped}@localhost:{server.Port}", $"http://user:{Escaped}@localhost" })
        {
            var open = async () => await RedisConnection.OpenAsync(address, "test", TestContext.Current.CancellationToken);
            (await open.Should().ThrowAsync<Exception>()).Which.ToString().Should().NotContain(Core);
        }
    }

    [Fact]
    public async Task An_outage_is_logged_without_it()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions(Password: _secret));
        await using var rig = await PipelineRig.OpenAsync($"redis://:{Escaped}@{server.Host}:{server.Port}");
        var logger = new RecordingLogger<Ingestor>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var source = new MockSource(new MockFirehoseOptions { Rate = 1000 });
        var ingestor = new Ingestor(
            new Feed(source, rig.Database, rig.Logs, rig.Memory, rig.Log, rig.Limits), new IngestStats(), TimeProvider.System, logger);
        var running = ingestor.RunAsync(stop.Token);
        await Eventually.TrueAsync("events arrive", async () => await rig.Database.StreamLengthAsync(rig.Logs[0].Keys.Stream) > 3);

        await server.KillAsync();
        await Eventually.TrueAsync("the outage is logged", () => logger.Warnings.Count > 1);
        await stop.CancelAsync();
        await running;

        logger.Warnings.Select(w => w.Message).Should().NotContain(m => m.Contains(Core));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex("(?<=^Commands:\n(  .*\n)*)  ([a-z]+)", RegexOptions.Multiline)]
    private static partial Regex Command();

    private string Filled(string text) =>
        text.Replace("{0}", Escaped, StringComparison.Ordinal).Replace("{1}", _secret, StringComparison.Ordinal);

    /// <summary>Every verb that the program has, taken from its own help, so that a new one is tested the day it comes.</summary>
    private async Task<IReadOnlyList<string>> VerbsAsync()
    {
        string[] verbs = [.. Command().Matches((await OutputAsync(0, ["--help"])).ReplaceLineEndings("\n")).Select(m => m.Groups[2].Value)];
        verbs.Should().Contain(["run", "ingest", "write", "peek"]);
        return verbs;
    }

    /// <summary>A call of each verb that uses Redis, which would do little if it got there.</summary>
    private async Task<IReadOnlyList<string[]>> VerbsOfRedisAsync()
    {
        var calls = new List<string[]>();
        foreach (var verb in await VerbsAsync())
        {
            var help = await OutputAsync(0, [verb, "--help"]);
            if (!help.Contains("--redis ", StringComparison.Ordinal)) continue;
            string[] source = help.Contains("--source ", StringComparison.Ordinal) ? ["--source", "mock", "--events", "1"] : [];
            string[] once = help.Contains("--once ", StringComparison.Ordinal) ? ["--once"] : [];
            string[] lake = help.Contains("--lake ", StringComparison.Ordinal) ? ["--lake", Path.Combine(_folder, "lake")] : [];
            string[] prefect = help.Contains("--prefect-api ", StringComparison.Ordinal) ? ["--prefect-api", "http://127.0.0.1:1/api"] : [];
            calls.Add([verb, .. source, .. once, .. lake, .. prefect]);
        }

        return calls;
    }

    /// <summary>What a call prints, which is what is looked through for the secret.</summary>
    private async Task<string> OutputAsync(int code, string[] arguments, params (string Name, string Value)[] variables)
    {
        using var program = PipelineProgram.Start(arguments, variables.ToDictionary(v => v.Name, v => v.Value));
        var exit = await program.ExitCodeAsync(Token);
        var output = await program.OutputAsync();
        output.Should().NotContain(Core);
        exit.Should().Be(code, output);
        return output;
    }
}
