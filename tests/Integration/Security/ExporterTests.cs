using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace Pipeline.Tests.Integration.Security;

/// <summary>redis_exporter does its work over TLS as the user <c>exporter</c>, with the settings that make-users writes for it.</summary>
public sealed partial class ExporterTests(SecureRedis redis)
{
    private const string Scrape =
        """
        prometheus-redis-exporter -redis.addr rediss://localhost:6379 -tls-ca-cert-file /etc/redis/tls/ca.crt -web.listen-address 127.0.0.1:9121 &
        until exec 3<> /dev/tcp/127.0.0.1/9121; do sleep 0.1; done 2> /dev/null
        printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3
        cat <&3
        kill $!
        """;

    [Fact]
    public async Task Every_metric_is_scraped_and_nothing_refused()
    {
        var server = await redis.ServerAsync();
        var (_, missing) = await server.RunAsync("sh", "-c", "command -v prometheus-redis-exporter");
        Assert.SkipWhen(missing != 0, "This image has no redis_exporter; the one of docker/images/build has.");
        var settings = File.ReadLines(redis.FileOf("exporter")).Where(l => !l.StartsWith("REDIS_ADDR=", StringComparison.Ordinal));

        var (output, _) = await server.RunAsync(["env", .. settings, "bash", "-c", Scrape]);

        string[] lines = [.. output.Split('\n').Where(l => Telling().IsMatch(l))];
        lines.Should().Contain(["redis_up 1", "redis_exporter_last_scrape_error{err=\"\"} 0"]).And.Contain(l => l.StartsWith("redis_slowlog_length"))
            .And.Contain(l => l.StartsWith("redis_latency_percentiles_usec")).And.NotContain(l => l.Contains("level=err"));
        output.Contains(redis.PasswordOf("exporter"), StringComparison.Ordinal).Should().BeFalse();
        (await redis.RefusedAsync("exporter")).Should().BeEmpty();
    }

    [GeneratedRegex("^redis_(up|exporter_last_scrape_error|slowlog_length|latency_percentiles_usec)|level=err")]
    private static partial Regex Telling();
}
