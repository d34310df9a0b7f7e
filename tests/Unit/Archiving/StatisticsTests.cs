using System.Text;
using CsCheck;
using FluentAssertions;
using Pipeline.Archiving;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

/// <summary>
/// Readers skip row groups by their statistics, so wrong ones lose rows. Text is where they go wrong: an emoji comes before U+FF01 as
/// UTF-16, and after it as UTF-8, which is Parquet's order.
/// </summary>
public sealed class StatisticsTests
{
    private static readonly string[] _columns = ["did", "rev", "rkey", "cid", "created_at", "text", "reply_root_uri", "reply_parent_cid"];

    private static readonly Gen<string> _word =
        OddJson.OneOf("a", "b", "z", "~", "é", "\uff01", "\ufffd", "😀", "𐀀", "\ud7ff", "\ue000").Array[0, 3].Select(string.Concat);

    [Fact]
    public async Task Text_is_found_by_value_and_by_range_in_whatever_row_group_it_is() =>
        await _word.Array[4, 40].SampleAsync(
            async words =>
            {
                using var lake = new TestLake { Options = new LakeOptions { RowGroupRows = 3 } };
                await lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, words.Select(w => Event(w))));
                var (low, high) = (words[0], words[1]);
                foreach (var column in _columns)
                {
                    string Stored(string word) => column == "did" ? "did:" + word : column is "rev" or "rkey" or "cid" ? "k" + word : word;
                    long Count(string condition) => lake.Reader.Scalar<long>($"SELECT count(*) FROM {lake.Reader.Source("post")} WHERE {condition}");
                    long Expected(Func<int, int, bool> matches) => words.Count(w => matches(Compare(Stored(w), Stored(low)), Compare(Stored(w), Stored(high))));
                    var (l, h) = (Quote(Stored(low)), Quote(Stored(high)));

                    Count($"{column} = {l}").Should().Be(Expected((a, _) => a == 0), "{0} = {1}", column, l);
                    Count($"{column} >= {l}").Should().Be(Expected((a, _) => a >= 0), "{0} >= {1}", column, l);
                    Count($"{column} < {l}").Should().Be(Expected((a, _) => a < 0), "{0} < {1}", column, l);
                    Count($"{column} > {l} AND {column} <= {h}").Should().Be(Expected((a, b) => a > 0 && b <= 0), "{0} in ({1}, {2}]", column, l, h);
                }
            },
            iter: 40,
            threads: 1);

    [Fact]
    public async Task Times_are_found_in_whatever_row_group_they_are()
    {
        using var lake = new TestLake { Options = new LakeOptions { RowGroupRows = 10 } };
        var times = Enumerable.Range(0, 100).Select(i => (TestLake.StartMs * 1000) + (i * 7_919 % 100_003)).ToList();
        await lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, times.Select(t => Event("x", t))));

        foreach (var time in times.Take(20))
        {
            lake.Reader.Scalar<long>($"SELECT count(*) FROM {lake.Reader.Source("post")} WHERE time_us = {time}").Should().Be(1);
            lake.Reader.Scalar<long>($"SELECT count(*) FROM {lake.Reader.Source("post")} WHERE time_us >= {time}").Should().Be(times.Count(t => t >= time));
        }
    }

    [Fact]
    public async Task Columns_that_are_asked_for_by_value_have_statistics()
    {
        using var lake = new TestLake();
        await lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, MockEvents.Archived(500)));

        lake.Reader.Query<string>(
            $"SELECT DISTINCT path_in_schema FROM parquet_metadata('{lake.Root}/**/type=like/*.parquet') WHERE stats_max_value IS NOT NULL OR stats_max IS NOT NULL")
            .Should().Contain(["time_us", "did", "operation", "rev", "rkey", "created_at", "subject_uri"]);
    }

    private static string Event(string word, long timeUs = TestLake.StartMs * 1000)
    {
        var text = $"\"{word}\"";
        var reference = $$"""{"uri":{{text}},"cid":{{text}} }""";
        var reply = $$"""{"root":{{reference}},"parent":{{reference}} }""";
        var record = $$"""{"$type":"app.bsky.feed.post","createdAt":{{text}},"text":{{text}},"reply":{{reply}} }""";
        return $$$"""{"did":"did:{{{word}}}","time_us":{{{timeUs}}},"kind":"commit","commit":{"rev":"k{{{word}}}","operation":"create","collection":"app.bsky.feed.post","rkey":"k{{{word}}}","cid":"k{{{word}}}","record":{{{record}}} }}""";
    }

    /// <summary>By UTF-8, as Parquet and DuckDB order text.</summary>
    private static int Compare(string one, string other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
