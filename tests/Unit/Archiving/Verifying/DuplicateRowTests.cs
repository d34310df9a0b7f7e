using FluentAssertions;
using Pipeline.Archiving.Verifying;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Verifying;

public sealed class DuplicateRowTests : IDisposable
{
    private readonly SmallLake _lake = new(rowGroupRows: 16);

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task A_row_twice_in_one_row_group_is_found()
    {
        var window = await _lake.WriteAsync(Wire.Noon, Wire.Post("a"), Wire.Post("b"), Wire.Post("a"));

        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.DuplicateRow);
        finding.Path.Should().Be(window.Files[0].Name.RelativePath);
        finding.Message.Should().Contain("app.bsky.feed.post create by did:plc:alice, rkey a, rev 3krev").And.Contain("both times");
    }

    [Fact]
    public async Task A_row_twice_in_one_file_is_found_across_row_groups()
    {
        await _lake.WriteAsync(Wire.Noon, [Wire.Post("a"), .. Wire.Mixture("m", 500), Wire.Post("a")]);

        (await _lake.OnlyFindingAsync()).Message.Should().Contain("rkey a,").And.Contain("both times");
    }

    [Fact]
    public async Task A_row_again_in_another_windows_file_is_found_with_both_files()
    {
        var first = await _lake.WriteAsync(Wire.Noon, Wire.Post("a"), Wire.Post("b"));
        var second = await _lake.WriteAsync(Wire.Noon.AddMinutes(5), Wire.Post("c"), Wire.Post("a"));

        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.DuplicateRow);
        finding.Path.Should().Be(second.Files[0].Name.RelativePath);
        finding.Message.Should().Contain("rkey a,").And.Contain(first.Files[0].Name.RelativePath).And.Contain(second.Files[0].Name.RelativePath);
    }

    [Fact]
    public async Task A_row_again_in_the_neighbouring_hour_with_another_time_is_found()
    {
        var first = await _lake.WriteAsync(Wire.Noon, Wire.Post("a", TimeSpan.FromMinutes(59)));
        var second = await _lake.WriteAsync(Wire.Noon.AddHours(1), Wire.Post("a", TimeSpan.FromMinutes(61)), Wire.Post("b", TimeSpan.FromMinutes(61)));

        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.DuplicateRow);
        finding.Path.Should().Be(second.Files[0].Name.RelativePath);
        finding.Message.Should().Contain(first.Files[0].Name.RelativePath);
    }

    [Fact]
    public async Task A_copy_beyond_the_previous_partition_hour_is_not_found_which_is_the_price_of_bounded_memory()
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Post("a"));
        await _lake.WriteAsync(Wire.Noon.AddHours(1), Wire.Post("b", TimeSpan.FromHours(1)));
        await _lake.WriteAsync(Wire.Noon.AddHours(2), Wire.Post("a", TimeSpan.FromHours(2)));

        (await _lake.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task Every_duplicate_is_counted_and_only_the_first_are_listed()
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m", 30));
        await _lake.WriteAsync(Wire.Noon.AddMinutes(5), Wire.Mixture("m", 30));

        var report = await _lake.VerifyAsync(keptFindings: 10);

        report.FindingCount.Should().Be(120, "rejected messages have no identity and may repeat");
        report.Findings.Should().HaveCount(10);
    }
}
