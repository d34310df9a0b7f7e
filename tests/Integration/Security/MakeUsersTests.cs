using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using Pipeline.Commands;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Security;

/// <summary>docker/redis/make-users, which makes the users of a new Redis.</summary>
public sealed class MakeUsersTests : IDisposable
{
    private static readonly string[] _users = ["ingest", "write", "pipeline", "audit", "admin"];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"make-users-{Guid.NewGuid():N}");

    [Fact]
    public async Task Each_user_has_a_file_that_logs_it_in()
    {
        (await MakeAsync("rediss://redis.example.org:6380")).Should().Be(0);

        foreach (var user in _users)
        {
            var options = RedisAddress.Parse(Read($"{user}.redis").Trim(), "test");
            (options.User, options.Ssl, options.EndPoints[0].ToString()).Should().Be((user, true, "Unspecified/redis.example.org:6380"));
            options.Password!.Length.Should().BeGreaterThanOrEqualTo(48);
            Read("users.acl").Should().Contain($"user {user} on #{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(options.Password)))} ");
        }
    }

    [Fact]
    public async Task What_Redis_reads_holds_no_password_and_nothing_left_to_fill_in()
    {
        await MakeAsync("rediss://localhost:6379");

        Read("users.acl").Should().NotContain("@ingest@").And.NotContain("@log@").And.NotContain(" >").And.Contain("{bluesky:*}");
        foreach (var user in _users) Read("users.acl").Should().NotContain(new Uri(Read($"{user}.redis")).UserInfo.Split(':')[1]);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Every_file_is_for_its_owner_only()
    {
        await MakeAsync("rediss://localhost:6379");

        Directory.EnumerateFiles(_folder).Should().HaveCount(_users.Length + 2)
            .And.OnlyContain(f => File.GetUnixFileMode(f) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Theory]
    [InlineData("users.acl")]
    [InlineData("admin.redis")]
    [InlineData("exporter.env")]
    public async Task Nothing_is_overwritten(string present)
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, present), "in use", TestContext.Current.CancellationToken);

        (await MakeAsync("rediss://localhost:6379")).Should().Be(2);

        Read(present).Should().Be("in use");
        Directory.EnumerateFiles(_folder).Should().ContainSingle();
    }

    [Theory]
    [InlineData("localhost:6379", "bluesky")]
    [InlineData("rediss://me:sesame@localhost:6379", "bluesky")]
    [InlineData("rediss://localhost:6379", "blue sky")]
    [InlineData("rediss://localhost:6379", "*")]
    public async Task What_makes_no_sense_makes_no_file(string address, string log)
    {
        (await MakeAsync(address, log)).Should().Be(2);

        Directory.Exists(_folder).Should().BeFalse();
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private async Task<int> MakeAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [Repository.File("docker", "redis", "make-users"), _folder, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var make = Process.Start(start)!;
        await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        return make.ExitCode;
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(_folder, file));
}
