using FluentAssertions;
using Xunit;

namespace Pipeline.Tests.Integration.Security;

/// <summary>
/// Redis reads its append-only file as the user <c>default</c> and skips transactions that this user may not run: with the users of
/// docker/redis/make-users a restart has to bring everything back all the same, and still nobody gets in as <c>default</c>.
/// </summary>
public sealed class RestartTests(SecureRedis redis)
{
    private const string Script =
        """
        folder=$(mktemp -d); cp /etc/redis/users.acl "$folder/"; cd "$folder"
        start() { redis-server --port 7777 --dir "$folder" --aclfile "$folder/users.acl" --appendonly yes --save '' --daemonize yes --pidfile "$folder/pid" > /dev/null; until redis-cli -p 7777 ping 2>&1 | grep -q NOAUTH; do sleep 0.1; done; }
        as() { user=$1; shift; redis-cli -p 7777 --no-auth-warning --user "$user" --pass "$PASSWORD" "$@"; }
        start
        printf 'MULTI\nXADD {secure-restart:0}:log 1-1 a b\nHSET {secure-restart:0}:state x 1\nEXEC\n' | as pipeline > /dev/null
        kill "$(cat pid)"; while [ -e pid ] || redis-cli -p 7777 ping 2>&1 | grep -q NOAUTH; do sleep 0.1; done
        start
        printf 'EXISTS {secure-restart:0}:log {secure-restart:0}:state\n' | as pipeline
        redis-cli -p 7777 get x; redis-cli -p 7777 auth default ''
        kill "$(cat pid)"
        """;

    [Fact]
    public async Task A_restart_keeps_what_was_written_in_transactions_and_default_stays_out()
    {
        var server = await redis.ServerAsync();

        var (output, _) = await server.RunAsync("env", $"PASSWORD={redis.PasswordOf("pipeline")}", "bash", "-c", Script);

        string[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        lines.Should().HaveCount(3);
        lines[0].Should().Be("2");
        lines[1].Should().StartWith("NOAUTH");
        lines[2].Should().StartWith("WRONGPASS");
    }
}
