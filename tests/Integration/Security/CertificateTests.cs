using System.Security.Cryptography.X509Certificates;
using FluentAssertions;
using Pipeline.Commands;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Security;

/// <summary>A Redis that cannot prove who it is gets no password, and the program says what is wrong with its certificate.</summary>
public sealed class CertificateTests(SecureRedis redis, RedisFixture plain) : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly string _file = Path.GetTempFileName();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_authority_that_the_machine_does_not_know_is_refused()
    {
        var server = await redis.ServerAsync();

        await ExpectAsync(3, "does not trust", ["--redis", $"rediss://ingest:sesame@localhost:{server.Port}"], "--redis-ca", "PIPELINE_REDIS_CA");
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        var server = await redis.ServerAsync();
        await File.WriteAllTextAsync(_file, _authority.Pem, Token);

        await ExpectAsync(3, "is not from the authority in", ["--redis", $"rediss://ingest:sesame@localhost:{server.Port}", "--redis-ca", _file], _file);
    }

    [Fact]
    public async Task A_certificate_for_another_host_name_is_refused() =>
        await ExpectAsync(3, "shows a certificate for localhost", await redis.LoginAsync("ingest", "sesame", host: "127.0.0.1"), "127.0.0.1");

    [Theory]
    [InlineData("localhost", -1, "is valid only from")]
    [InlineData("elsewhere.example", 10, "shows a certificate for elsewhere.example")]
    public async Task A_certificate_that_is_not_valid_here_and_now_gets_no_password(string host, int validDays, string message)
    {
        using var certificate = _authority.Issue(host, validDays);
        await using var listener = new TlsListener(certificate);
        await File.WriteAllTextAsync(_file, _authority.Pem, Token);

        await ExpectAsync(3, message, ["--redis", $"rediss://ingest:sesame@localhost:{listener.Port}", "--redis-ca", _file]);

        listener.Attempts.Should().BePositive();
        listener.Received.Should().Be(0, "the password must not be sent to a stranger");
    }

    [Fact]
    public async Task A_port_without_TLS_is_recognised() =>
        await ExpectAsync(3, "does not speak TLS", ["--redis", $"rediss://ingest:sesame@localhost:{plain.Server.Port}"]);

    [Fact]
    public async Task The_connection_is_open_to_a_certificate_of_the_authority()
    {
        await using var connection = await redis.ConnectAsync("ingest");

        (await connection.GetDatabase().PingAsync()).Should().BePositive();
    }

    [Fact]
    public async Task An_authority_without_TLS_is_a_mistake() =>
        await ExpectAsync(2, "--redis-ca has no meaning without TLS", ["--redis", "redis://localhost", "--redis-ca", _file]);

    [Fact]
    public async Task An_authority_file_without_a_certificate_is_a_mistake() =>
        await ExpectAsync(2, "holds no certificate", ["--redis", "rediss://localhost", "--redis-ca", _file]);

    [Fact]
    public async Task An_authority_file_that_is_missing_is_a_mistake() =>
        await ExpectAsync(2, "cannot read file", ["--redis", "rediss://localhost", "--redis-ca", "nowhere.crt"], "nowhere.crt");

    [Fact]
    public void An_address_with_TLS_asks_for_the_host_name_that_it_holds()
    {
        var options = RedisAddress.Parse("rediss://redis.example.org:6380", "test");
        RedisCertificate.Check(options, null, "test");

        options.SslClientAuthenticationOptions!("redis.example.org")
            .Should().Match<System.Net.Security.SslClientAuthenticationOptions>(o =>
                o.TargetHost == "redis.example.org" && o.CertificateRevocationCheckMode == X509RevocationMode.Online);
    }

    public void Dispose()
    {
        _authority.Dispose();
        File.Delete(_file);
    }

    private static async Task ExpectAsync(int code, string message, string[] login, params string[] parts)
    {
        using var program = PipelineProgram.Start(["peek", .. login]);

        (await program.ExitCodeAsync(Token)).Should().Be(code, await program.OutputAsync());
        (await program.ErrorAsync()).Trim().Should().ContainAll([message, .. parts]).And.NotContain("\n").And.NotContain("sesame");
    }
}
