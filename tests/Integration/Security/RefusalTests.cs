using System.Security.Cryptography;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Security;

/// <summary>A refusal ends the program with one line that says who lacks what, and never what the password was.</summary>
public sealed class RefusalTests(SecureRedis redis) : IDisposable
{
    private readonly string _password = RandomNumberGenerator.GetHexString(24);
    private readonly string _user = $"user-{Guid.NewGuid():N}";
    private readonly string _lake = Directory.CreateTempSubdirectory("lake-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("peek")]
    [InlineData("ingest", "--source", "mock", "--events", "10")]
    [InlineData("write", "--once")]
    [InlineData("run", "--source", "mock", "--events", "10")]
    public async Task A_wrong_password_is_said_with_the_users_name(params string[] verb) =>
        await ExpectAsync([.. verb, .. await redis.LoginAsync("ingest", _password)], "refuses user 'ingest': there is no such user, or its password is another");

    [Fact]
    public async Task An_unknown_user_is_said_with_its_name() =>
        await ExpectAsync(["peek", .. await redis.LoginAsync(_user, _password)], $"refuses user '{_user}': there is no such user, or its password is another");

    [Fact]
    public async Task A_login_that_is_missing_is_asked_for() =>
        await ExpectAsync(["peek", "--redis", $"rediss://localhost:{(await redis.ServerAsync()).Port}", "--redis-ca", redis.AuthorityFile], "wants a user and a password");

    [Theory]
    [InlineData("ingest", "-eval", "'eval'", "ingest", "--source", "mock", "--events", "10")]
    [InlineData("ingest", "-evalsha", "'evalsha'", "ingest", "--source", "mock", "--events", "3000")]
    [InlineData("ingest", "-xadd", "'xadd'", "ingest", "--source", "mock", "--events", "10")]
    [InlineData("ingest", "-hgetall", "'hgetall'", "ingest", "--source", "mock", "--events", "10")]
    [InlineData("ingest", "-ping", "'ping'", "ingest", "--source", "mock", "--events", "10")]
    [InlineData("ingest", "-info", "'info'", "ingest", "--source", "mock", "--events", "10")]
    [InlineData("ingest", "-multi", "'multi'", "ingest", "--source", "mock", "--events", "10")]
    [InlineData("ingest", "-exec", "'exec'", "ingest", "--source", "mock", "--events", "10")]
    [InlineData("write", "-xrevrange", "'xrevrange'", "write", "--once")]
    [InlineData("write", "clearselectors", "access a key", "write", "--once")]
    [InlineData("pipeline", "-xadd", "'xadd'", "run", "--source", "mock", "--events", "10")]
    [InlineData("pipeline", "-xtrim", "'xtrim'", "run", "--source", "mock", "--events", "10")]
    [InlineData("audit", "-xrevrange", "'xrevrange'", "peek")]
    public async Task A_missing_right_is_said_with_the_users_name(string like, string change, string missing, params string[] verb)
    {
        await AddUserAsync(like, change);

        await ExpectAsync([.. verb, "--log", SecureRedis.NewLog(), .. await LakeAsync(verb[0]), .. await redis.LoginAsync(_user, _password)], $"refuses user '{_user}'", missing);
    }

    [Fact]
    public async Task A_log_that_is_not_the_users_is_said_with_its_name()
    {
        string[] verb = ["ingest", "--source", "mock", "--events", "10", "--log", "other"];

        await ExpectAsync([.. verb, .. await redis.LoginAsync("ingest")], "refuses user 'ingest'", "access a key", "users.acl.template");
    }

    [Theory]
    [InlineData("ingest", "ingest", "--source", "mock", "--rate", "300")]
    [InlineData("pipeline", "run", "--source", "mock", "--rate", "300", "--window", "1s", "--schedule", "1s")]
    [InlineData("write", "write", "--schedule", "1s")]
    public async Task A_right_that_is_taken_away_ends_a_running_program(string like, params string[] verb)
    {
        await AddUserAsync(like);
        using var program = await StartRunningAsync(like, verb);

        await redis.SetUserAsync(_user, "-@all", "clearselectors");

        await ExpectAsync(program, $"refuses user '{_user}'", "has no permissions");
    }

    [Theory]
    [InlineData("ingest", "ingest", "--source", "mock", "--rate", "300")]
    [InlineData("pipeline", "run", "--source", "mock", "--rate", "300", "--window", "1s", "--schedule", "1s")]
    [InlineData("write", "write", "--schedule", "1s")]
    public async Task A_user_that_is_removed_ends_a_running_program(string like, params string[] verb)
    {
        await AddUserAsync(like);
        using var program = await StartRunningAsync(like, verb);
        await using var admin = await redis.ConnectAsync("admin");

        await admin.GetDatabase().ExecuteAsync("ACL", "DELUSER", _user);

        await ExpectAsync(program, $"refuses user '{_user}'", "no such user");
    }

    public void Dispose() => Directory.Delete(_lake, recursive: true);

    private async Task AddUserAsync(string like, params string[] changes) =>
        await redis.SetUserAsync(_user, ["on", $">{_password}", .. await redis.RightsAsync(like), .. changes]);

    private Task<string[]> LakeAsync(string verb) => Task.FromResult<string[]>(verb is "run" or "write" ? ["--lake", _lake] : []);

    /// <summary>Starts a verb that runs until it is stopped, and waits until it works.</summary>
    private async Task<PipelineProgram> StartRunningAsync(string like, string[] verb)
    {
        var log = SecureRedis.NewLog();
        var program = PipelineProgram.Start([.. verb, "--log", log, .. await LakeAsync(verb[0]), .. await redis.LoginAsync(_user, _password)]);
        await using var admin = await redis.ConnectAsync("admin");
        await Eventually.TrueAsync(
            "the verb does its work",
            async () => like == "write"
                ? File.Exists(Path.Combine(_lake, "_pipeline", "lake.json"))
                : await admin.GetDatabase().StreamLengthAsync($"{{{log}:0}}:log") > 3,
            Deadlines.Container);
        return program;
    }

    private async Task ExpectAsync(string[] arguments, params string[] parts)
    {
        using var program = PipelineProgram.Start(arguments);
        await ExpectAsync(program, parts);
    }

    private async Task ExpectAsync(PipelineProgram program, params string[] parts)
    {
        (await program.ExitsWithinAsync(Deadlines.Container, Token)).Should().BeTrue("what cannot heal is not waited for");
        (await program.ExitCodeAsync(Token)).Should().Be(3, await program.OutputAsync());
        var said = (await program.ErrorAsync()).Trim().Split('\n')[^1];
        said.Should().StartWith("pipeline: Redis at ").And.ContainAll(parts);
        (await program.OutputAsync()).Should().NotContain(_password);
    }
}
