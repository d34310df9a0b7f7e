using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Tests.Unit.Archiving.Compacting;
using Pipeline.Tests.Unit.Archiving.Verifying;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

/// <summary>A window that is written again, longer ago than the manifests go.</summary>
public sealed class OlderWindowTests : IDisposable
{
    private readonly PiecemealLake _lake = new();

    [Fact]
    public async Task What_is_in_a_compacted_file_is_left_out()
    {
        var again = (await _lake.FillAsync())[1];
        await _lake.CompactAsync();

        (await LeaveOutAsync(again)).Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_not_compacted_is_published()
    {
        var again = (await _lake.FillAsync())[1];
        _lake.WriteManifest(Wire.Noon.AddHours(2), _lake.Files("post")[0]);
        await _lake.CompactAsync();

        (await LeaveOutAsync(again)).Select(f => f.Name.Table).Should().Equal("post");
    }

    [Fact]
    public async Task Another_shards_file_says_nothing_of_it()
    {
        var again = (await _lake.FillAsync())[1];
        await _lake.CompactAsync();
        var ofShard = again with { Files = [.. again.Files.Select(f => f with { Name = f.Name with { Shard = 1 } })] };

        (await LeaveOutAsync(ofShard)).Should().HaveCount(4);
    }

    [Fact]
    public async Task A_window_that_has_other_rows_than_it_had_is_refused()
    {
        var again = (await _lake.FillAsync())[1];
        await _lake.CompactAsync();
        var more = again with { Files = [.. again.Files.Select(f => f with { Rows = f.Rows + 1 })] };

        await FluentActions.Awaiting(() => LeaveOutAsync(more)).Should().ThrowAsync<LakeException>().WithMessage("*written again*20 rows of it, not 21*");
    }

    [Theory]
    [InlineData(-1, 11)]
    [InlineData(6, 8)]
    [InlineData(10, 20)]
    public async Task A_window_of_another_length_that_meets_the_time_is_refused(int fromMinute, int toMinute)
    {
        var again = (await _lake.FillAsync())[1];
        await _lake.CompactAsync();
        var longer = again with { Window = new TimeWindow(Ms(fromMinute), Ms(toMinute)), Files = [.. again.Files.Select(f => f with { Rows = 999 })] };

        await FluentActions.Awaiting(() => LeaveOutAsync(longer)).Should().ThrowAsync<LakeException>().WithMessage("*--window*");
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(11, 16)]
    public async Task A_window_before_or_behind_is_published(int fromMinute, int toMinute)
    {
        var again = (await _lake.FillAsync())[1];
        await _lake.CompactAsync();

        (await LeaveOutAsync(again with { Window = new TimeWindow(Ms(fromMinute), Ms(toMinute)) })).Should().HaveCount(4);
    }

    [Fact]
    public async Task A_longer_window_than_those_that_are_there_is_refused()
    {
        var again = (await _lake.FillAsync())[0];
        var longer = again with { Window = new TimeWindow(Ms(0), Ms(10)) };

        await FluentActions.Awaiting(() => LeaveOutAsync(longer)).Should().ThrowAsync<LakeException>().WithMessage("*T120500Z.parquet' is a part of its time*--window*");
    }

    [Fact]
    public async Task A_longer_window_replaces_those_that_manifests_name()
    {
        var again = (await _lake.FillAsync())[0];
        var longer = again with { Window = new TimeWindow(Ms(0), Ms(15)) };

        (await LeaveOutAsync(longer, _lake.Reader.Files())).Should().HaveCount(4);
    }

    public void Dispose() => _lake.Dispose();

    private Task<IReadOnlyList<StagedFile>> LeaveOutAsync(StagedWindow staged, IReadOnlyCollection<string>? known = null) =>
        OlderWindow.LeaveOutAsync(_lake.Layout, staged, known ?? []);

    private static long Ms(int minute) => Wire.Noon.AddMinutes(minute).ToUnixTimeMilliseconds();
}
