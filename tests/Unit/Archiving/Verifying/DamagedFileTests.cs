using FluentAssertions;
using Pipeline.Archiving.Verifying;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Verifying;

public sealed class DamagedFileTests : IAsyncLifetime
{
    private readonly SmallLake _lake = new();
    private string _path = "";

    public async ValueTask InitializeAsync()
    {
        var window = await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m", 200));
        _path = window.Files.Single(f => f.Name.Table == "post").Name.RelativePath;
    }

    public ValueTask DisposeAsync()
    {
        _lake.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_truncated_file_is_unreadable_and_the_rest_is_still_verified()
    {
        Change(bytes => bytes[..(bytes.Length / 2)]);

        var report = await _lake.VerifyAsync();

        report.Findings.Should().ContainSingle().Which.Should().Match<LakeFinding>(f => f.Kind == LakeFindingKind.Unreadable && f.Path == _path);
        report.Rows["post"].Should().Be(0);
        report.Rows["like"].Should().Be(200);
    }

    [Fact]
    public async Task A_file_of_zero_bytes_is_unreadable()
    {
        Change(_ => []);

        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.Unreadable);
        finding.Message.Should().Contain(_path).And.Contain("empty").And.Contain("replay its window");
    }

    [Fact]
    public async Task A_byte_flipped_anywhere_is_found_alone()
    {
        var original = await File.ReadAllBytesAsync(_lake.Full(_path), TestContext.Current.CancellationToken);
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var at = random.Next(original.Length);
            Change(_ =>
            {
                var damaged = original.ToArray();
                damaged[at] ^= (byte)(1 << random.Next(8));
                return damaged;
            });

            var finding = await _lake.OnlyFindingAsync();

            finding.Path.Should().Be(_path);
            finding.Kind.Should().BeOneOf([LakeFindingKind.Damaged, LakeFindingKind.Unreadable, LakeFindingKind.NotSealed], "byte {0} was flipped", at);
        }
    }

    [Fact]
    public async Task A_byte_flipped_in_a_data_page_breaks_the_checksum()
    {
        Change(bytes =>
        {
            bytes[bytes.Length / 3] ^= 4;
            return bytes;
        });

        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.Damaged);
        finding.Message.Should().Contain("checksum");
    }

    [Fact]
    public async Task A_file_with_something_appended_is_unreadable()
    {
        Change(bytes => [.. bytes, 10]);

        (await _lake.OnlyFindingAsync()).Kind.Should().Be(LakeFindingKind.Unreadable);
    }

    private void Change(Func<byte[], byte[]> change) => File.WriteAllBytes(_lake.Full(_path), change(File.ReadAllBytes(_lake.Full(_path))));
}
