using FluentAssertions;
using Pipeline.Archiving.Verifying;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving.Verifying;

public sealed class MisplacedFileTests : IDisposable
{
    private readonly SmallLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData("README.md")]
    [InlineData("year=2026/.DS_Store")]
    [InlineData("year=2026/month=07/day=04/hour=12/type=post/notes.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=12/type=like/post-20260704T120000Z.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=12/type=post/post-20260704T120000Z.parquet.tmp")]
    [InlineData("post-20260704T120000Z.parquet")]
    public async Task A_foreign_file_is_found(string path)
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m"));
        _lake.WriteText(path, "Something else");

        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.ForeignFile);
        finding.Path.Should().Be(path);
        finding.Message.Should().Contain("move it out");
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("year=26")]
    [InlineData("year=2026/month=13")]
    [InlineData("year=2026/day=04")]
    [InlineData("year=2026/month=07/day=04/hour=24")]
    [InlineData("year=2026/month=07/day=04/hour=12/type=poll")]
    [InlineData("year=2026/month=07/day=04/hour=12/type=post/old")]
    [InlineData("year=2026/_pipeline")]
    public async Task A_foreign_folder_is_found_once_whatever_it_holds(string path)
    {
        await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m"));
        _lake.WriteText(path + "/a.parquet", "");
        _lake.WriteText(path + "/deeper/b.parquet", "");

        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.ForeignFolder);
        finding.Path.Should().Be(path);
    }

    [Fact]
    public async Task A_file_moved_to_another_hour_is_found_as_one_finding()
    {
        var window = await _lake.WriteAsync(Wire.Noon, Wire.Post("a"), Wire.Post("b"));
        var moved = _lake.Move(window.Files[0].Name.RelativePath, window.Files[0].Name with { Hour = window.Files[0].Name.Hour + 5 });

        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.WrongHour);
        finding.Path.Should().Be(moved);
        finding.Message.Should().Contain("2 of 2 rows").And.Contain("2026-07-04T12:00:00Z");
    }

    [Fact]
    public async Task Rejected_rows_in_the_wrong_hour_are_found_as_well()
    {
        var window = await _lake.WriteAsync(Wire.Noon, "not json"u8.ToArray());
        _lake.Move(window.Files[0].Name.RelativePath, window.Files[0].Name with { Hour = window.Files[0].Name.Hour - 1 });

        (await _lake.OnlyFindingAsync()).Kind.Should().Be(LakeFindingKind.WrongHour);
    }

    [Theory]
    [InlineData("post", "like")]
    [InlineData("like", "repost")]
    [InlineData("follow", "block")]
    [InlineData("rejected", "post")]
    public async Task A_file_in_another_tables_folder_is_found_even_where_the_schemas_are_the_same(string table, string folder)
    {
        var window = await _lake.WriteAsync(Wire.Noon, Wire.Mixture("m"));
        var name = window.Files.Single(f => f.Name.Table == table).Name;
        var moved = _lake.Move(name.RelativePath, name with { Table = folder });

        var finding = await _lake.OnlyFindingAsync();

        finding.Kind.Should().Be(LakeFindingKind.WrongTable);
        finding.Path.Should().Be(moved);
        finding.Message.Should().Contain($"type={table}");
    }
}
