using CsCheck;
using FluentAssertions;
using Pipeline.Archiving;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

public sealed class LakeFileNameTests
{
    private const string Name = "year=2026/month=07/day=04/hour=14/type=post/post-20260704T140500Z.parquet";

    private static readonly Gen<LakeFileName> _any =
        from hour in Gen.Long[-10_000, 2_000_000]
        from table in OddJson.OneOf([.. LakeFileName.Tables])
        from second in Gen.Long[0, 7_258_000_000]
        from shard in Gen.OneOf(Gen.Const((int?)null), Gen.Int[0, 9_999].Select(s => (int?)s))
        from later in Gen.OneOf(Gen.Const((long?)null), Gen.Long[0, 100_000].Select(s => (long?)s))
        select new LakeFileName(hour, table, second * 1000, shard, later is { } l ? (second + l) * 1000 : null);

    [Fact]
    public void A_path_is_read_as_what_it_was_made_of() => _any.Sample(
        name => LakeFileName.Parse(name.RelativePath) == name && LakeFileName.Parse(name.RelativePath.Replace('/', '\\')) == name, iter: 2_000);

    [Fact]
    public void Paths_are_Hive_partitions_in_UTC()
    {
        const long WindowMs = TestLake.StartMs + 300_000;
        var hour = LakeFileName.HourOf(WindowMs * 1000);

        new LakeFileName(hour, "post", WindowMs, null).RelativePath.Should().Be(Name);
        new LakeFileName(hour + 1, "rejected", WindowMs, 12).RelativePath
            .Should().Be("year=2026/month=07/day=04/hour=15/type=rejected/rejected-20260704T140500Z-12.parquet");
    }

    [Fact]
    public void A_compacted_file_is_named_after_its_first_and_last_window() =>
        new LakeFileName(LakeFileName.HourOf(TestLake.StartMs * 1000), "like", TestLake.StartMs, 3, TestLake.StartMs + 3_300_000).RelativePath
            .Should().Be("year=2026/month=07/day=04/hour=14/type=like/like-20260704T140000Z-20260704T145500Z-3.parquet");

    [Theory]
    [InlineData("")]
    [InlineData("README.md")]
    [InlineData(Name + "\n")]
    [InlineData(Name + ".tmp")]
    [InlineData("/" + Name)]
    [InlineData("lake/" + Name)]
    [InlineData("year=2026/month=07/day=04/hour=14/type=post/like-20260704T140500Z.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=14/type=user/user-20260704T140500Z.parquet")]
    [InlineData("year=2026/month=13/day=04/hour=14/type=post/post-20260704T140500Z.parquet")]
    [InlineData("year=2026/month=02/day=30/hour=14/type=post/post-20260704T140500Z.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=24/type=post/post-20260704T140500Z.parquet")]
    [InlineData("year=2026/month=7/day=4/hour=14/type=post/post-20260704T140500Z.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=14/type=post/post-20260704T146100Z.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=14/type=post/post-20260704T140500Z-.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=14/type=post/post-20260704T140500Z-20260704T140000Z.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=14/type=post/post-20260704T140500Z-20260704T146500Z.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=14/type=post/post-20260704T140500Z-20260704T141000Z-20260704T141500Z.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=14/type=post/post-20260704T140500Z--1.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=14/type=post/post-20260704T140500Z-12345.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=14/type=post/post-20260704T140500Z-٣.parquet")]
    [InlineData("year=٢٠٢٦/month=07/day=04/hour=14/type=post/post-20260704T140500Z.parquet")]
    [InlineData("year=2026/month=07/day=04/hour=14/type=post/post-20260704T140500Z-007.parquet")]
    public void What_the_pipeline_did_not_name_is_left_alone(string path) => LakeFileName.Parse(path).Should().BeNull();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3_599_999_999, 0)]
    [InlineData(3_600_000_000, 1)]
    [InlineData(-1, -1)]
    [InlineData(-3_600_000_000, -1)]
    [InlineData(-3_600_000_001, -2)]
    [InlineData(1_783_173_600_000_000, 495_326)]
    [InlineData(1_783_173_599_999_999, 495_325)]
    public void An_hour_begins_with_its_first_microsecond(long timeUs, long hour) => LakeFileName.HourOf(timeUs).Should().Be(hour);

    [Fact]
    public void The_hour_of_any_time_holds_it() => Gen.Long.Sample(
        timeUs => (Int128)LakeFileName.HourOf(timeUs) * 3_600_000_000 <= timeUs && timeUs < ((Int128)LakeFileName.HourOf(timeUs) + 1) * 3_600_000_000);
}
