using System.Text.Json;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Auditing;

/// <summary><c>pipeline audit</c> as it is called. Servers have a password, or the audit would rightly complain.</summary>
public sealed class AuditCommandTests(RedisFixture redis)
{
    private const string Password = "sesame";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_shipped_configuration_passes()
    {
        await using var server = await StartAsync();

        var (code, output) = await AuditAsync(server);

        code.Should().Be(0, output);
        output.Should().Contain("Passed.").And.NotContain(Password);
    }

    [Fact]
    public async Task A_server_that_anybody_may_use_does_not_pass()
    {
        var (code, output) = await AuditAsync(redis.Server);

        code.Should().Be(1, output);
        output.Should().Contain("wrong password");
    }

    [Fact]
    public async Task Fix_shows_and_runs_what_mends_the_server_and_a_second_audit_passes()
    {
        await using var server = await StartAsync();
        await SetAsync(server, ("maxmemory", "64mb"), ("maxmemory-policy", "allkeys-random"), ("appendonly", "no"), ("appendfsync", "no"), ("save", "60 1"), ("timeout", "9"));

        (await AuditAsync(server)).Code.Should().Be(1);
        var (code, output) = await AuditAsync(server, "--fix");

        code.Should().Be(0, output);
        output.Should().ContainAll(
            "  CONFIG SET maxmemory 2gb\n", "  CONFIG SET maxmemory-policy allkeys-lru\n", "  CONFIG SET appendfsync everysec\n", "  CONFIG SET save \"\"\n",
            "  CONFIG SET timeout 0\n", "  CONFIG SET appendonly yes\n", "appendonly yes: ok, the file is written");
        (await AuditAsync(server)).Code.Should().Be(0);
    }

    [Fact]
    public async Task What_fix_says_of_a_restart_is_true()
    {
        await using var server = await StartAsync();
        await SetAsync(server, ("no-appendfsync-on-rewrite", "yes"));
        await using (var connection = await server.ConnectAsync()) await RewriteAsync(connection.GetServers().Single());

        var (_, output) = await AuditAsync(server, "--fix");
        await server.RestartAsync();

        // The file is the image's to protect: where Redis may not write it, the lines to add are given instead.
        var lasting = output.Contains("CONFIG REWRITE: ok, the changes outlast a restart", StringComparison.Ordinal);
        if (!lasting) output.Should().Contain("The changes last until a restart; to keep it, put into redis.conf: no-appendfsync-on-rewrite no");
        (await AuditAsync(server)).Code.Should().Be(0, output);
    }

    [Fact]
    public async Task Fix_leaves_a_safer_policy_alone_unless_the_profile_is_named()
    {
        await using var server = await StartAsync();
        await SetAsync(server, ("maxmemory-policy", "noeviction"));

        var (code, output) = await AuditAsync(server, "--fix");
        var (_, named) = await AuditAsync(server, "--fix", "--profile", "met27");

        code.Should().Be(0, output);
        output.Should().Contain("Nothing that --fix could change").And.Contain("warning maxmemory-policy");
        named.Should().Contain("CONFIG SET maxmemory-policy allkeys-lru: ok");
    }

    [Fact]
    public async Task Without_the_right_to_CONFIG_the_rest_is_audited_and_the_audit_does_not_pass()
    {
        await using var server = await StartAsync(new RedisAclUser("auditor", "let-me-in", "~* &* +@all -config"));

        var (code, output) = await AuditAsync(server, "--fix");

        code.Should().Be(1, output);
        output.Should().Contain("unknown appendfsync").And.Contain("NOPERM").And.Contain("Not passed, as long as appendfsync, no-appendfsync-on-rewrite cannot be read.")
            .And.NotContain("wrong").And.NotContain("let-me-in");
    }

    [Fact]
    public async Task Without_the_right_to_INFO_there_is_no_audit()
    {
        await using var server = await StartAsync(new RedisAclUser("auditor", "let-me-in", "~* &* +@all -info"));

        var (code, output) = await AuditAsync(server);

        code.Should().Be(3, output);
        output.Trim().Should().Contain("refuses INFO").And.NotContain("\n");
    }

    [Fact]
    public async Task Json_has_the_promised_shape()
    {
        await using var server = await StartAsync();
        await SetAsync(server, ("appendfsync", "no"));

        var (code, output) = await AuditAsync(server, "--json", "--profile", "noeviction");

        code.Should().Be(1, output);
        output.Should().NotContain(Password);
        var root = JsonDocument.Parse(output).RootElement;
        root.GetProperty("profile").GetString().Should().Be("noeviction");
        root.GetProperty("passed").GetBoolean().Should().BeFalse();
        var audited = root.GetProperty("servers").EnumerateArray().Single();
        audited.GetProperty("config_readable").GetBoolean().Should().BeTrue();
        audited.GetProperty("applied").GetArrayLength().Should().Be(0);
        var findings = audited.GetProperty("findings").EnumerateArray().ToDictionary(f => f.GetProperty("setting").GetString()!);
        findings["maxmemory"].GetProperty("actual").GetString().Should().Be("2147483648");
        findings["appendfsync"].GetProperty("verdict").GetString().Should().Be("wrong");
        findings["appendfsync"].GetProperty("fix").GetProperty("command").GetString().Should().Be("CONFIG SET appendfsync everysec");
    }

    [Fact]
    public async Task Json_after_a_fix_says_what_was_done_and_nothing_but_json_is_printed()
    {
        await using var server = await StartAsync();
        await SetAsync(server, ("timeout", "9"));
        using var program = Start(server, "--json", "--fix");

        (await program.ExitCodeAsync(Token)).Should().Be(0);
        var error = await program.ErrorAsync();
        var output = (await program.OutputAsync())[..^error.Length];
        error.Should().Contain("CONFIG SET timeout 0");
        JsonDocument.Parse(output).RootElement.GetProperty("servers")[0].GetProperty("applied")[0].GetProperty("command").GetString().Should().Be("CONFIG SET timeout 0");
    }

    [Theory]
    [InlineData(2, "--profile is 'safe'; use met27 or noeviction", "--profile", "safe")]
    [InlineData(2, "'--fxi' is no", "--fxi")]
    [InlineData(2, "'--log' is no", "--log", "bluesky")]
    [InlineData(3, "does not answer", "--redis", "redis://user:sesame@127.0.0.1:1")]
    public async Task What_cannot_work_gets_one_line_and_an_exit_code(int code, string message, params string[] arguments)
    {
        using var program = PipelineProgram.Start(["audit", .. arguments]);

        (await program.ExitCodeAsync(Token)).Should().Be(code);
        (await program.ErrorAsync()).Trim().Should().Contain(message).And.NotContain("\n").And.NotContain("sesame");
    }

    private static Task<RedisServer> StartAsync(RedisAclUser? user = null) => RedisServer.StartNewAsync(new RedisServerOptions(Password: Password, AclUser: user));

    private static async Task SetAsync(RedisServer server, params (string Name, string Value)[] settings)
    {
        await using var connection = await server.ConnectAsync();
        foreach (var (name, value) in settings) await connection.GetServers().Single().ConfigSetAsync(name, value);
    }

    private static async Task RewriteAsync(StackExchange.Redis.IServer server)
    {
        try
        {
            await server.ConfigRewriteAsync();
        }
        catch (StackExchange.Redis.RedisServerException)
        {
            // Then the file still is what was shipped, and the restart brings that back.
        }
    }

    private static PipelineProgram Start(RedisServer server, params string[] arguments) => PipelineProgram.Start(["audit", "--redis", server.ConnectionString, .. arguments]);

    private static async Task<(int Code, string Output)> AuditAsync(RedisServer server, params string[] arguments)
    {
        using var program = Start(server, arguments);
        return (await program.ExitCodeAsync(Token), await program.OutputAsync());
    }
}
