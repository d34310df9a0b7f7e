using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Sources;
using Xunit;

namespace Pipeline.Tests.Unit.Sources;

public sealed class FileReplayTests : IDisposable
{
    private readonly ReplayFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_are_read_in_ordinal_order_whatever_their_folder_and_others_are_left_alone()
    {
        _folder.Write("b.json", "3");
        _folder.Write("a/z.ndjson.gz", "2\n");
        _folder.Write("B.jsonl", "0");
        _folder.Write("a/1/x.JSONL.zst", "1");
        _folder.Write("a/notes.txt", "no");
        _folder.Write("a.gz", "no");

        var replayed = await ReplayFolder.ReadAsync(_folder.Source());

        replayed.Select(line => line.Text).Should().Equal("0", "1", "2", "3");
        replayed.Select(line => line.Position).Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public async Task Blank_lines_are_skipped_but_counted_and_invalid_ones_delivered_as_they_are()
    {
        _folder.Write("x.json", "\n\r\n{broken\r\n\n \nlast");

        var replayed = await ReplayFolder.ReadAsync(_folder.Source());

        replayed.Should().Equal(new Replayed("{broken", 7, 3), new Replayed(" ", 1, 5), new Replayed("last", 4, 6));
    }

    [Theory]
    [InlineData("12345678\n", "12345678", 8)]
    [InlineData("12345678\r\n", "12345678", 8)]
    [InlineData("123456789\n", "12345678", 9)]
    [InlineData("123456789\r\n", "12345678", 9)]
    [InlineData("12345678\r", "12345678", 8)]
    public async Task A_line_is_cut_only_when_it_is_longer_than_the_limit_without_its_line_end(string content, string kept, long length)
    {
        _folder.Write("x.json", content);

        var replayed = await ReplayFolder.ReadAsync(_folder.Source(maxEventBytes: 8));

        replayed.Should().Equal(new Replayed(kept, length, 1));
    }

    [Fact]
    public async Task A_position_beyond_the_last_line_is_refused_but_the_last_line_itself_is_not()
    {
        _folder.Write("x.json", "1\n2\n");

        (await ReplayFolder.ReadAsync(_folder.Source(), position: 2)).Should().BeEmpty();
        var beyond = () => ReplayFolder.ReadAsync(_folder.Source(), position: 3);
        (await beyond.Should().ThrowAsync<SourceException>()).WithMessage("Cannot resume * after line 3: it has only 2 now.*");
    }

    [Fact]
    public void The_name_depends_on_the_absolute_path()
    {
        _folder.Write("a/x.json", "1");
        _folder.Write("b/x.json", "1");

        var name = _folder.Source("a").Name;

        name.Should().MatchRegex("^file-[0-9a-f]{16}$");
        _folder.Source("a/").Name.Should().Be(name);
        _folder.Source("b/../a").Name.Should().Be(name);
        _folder.Source("b").Name.Should().NotBe(name);
        _folder.Source("a/x.json").Name.Should().NotBe(name);
    }

    [Theory]
    [InlineData("x.json")]
    [InlineData("x.json.gz")]
    [InlineData("x.json.zst")]
    public void A_file_that_another_took_the_place_of_has_another_name_and_one_that_grows_has_not(string file)
    {
        _folder.Write(file, "1\n2\n");
        var name = _folder.Source(file).Name;

        _folder.Write(file, "1\n2\n3\n");
        _folder.Source(file).Name.Should().Be(name);
        _folder.Write(file, "4\n2\n3\n");
        _folder.Source(file).Name.Should().NotBe(name);
    }

    [Fact]
    public async Task A_rate_holds_events_back_on_the_given_clock()
    {
        _folder.Write("x.json", "1\n2\n3\n4\n5\n");
        var time = new FakeTimeProvider();
        var source = new FileReplaySource(new FileReplayOptions { Path = _folder.Root, EventsPerSecond = 2 }, time);
        await using var events = source.ReadAsync(null, TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);

        (await events.MoveNextAsync()).Should().BeTrue("the first event is due at once");
        var second = events.MoveNextAsync();
        time.Advance(TimeSpan.FromMilliseconds(499));
        second.IsCompleted.Should().BeFalse("half a second has not passed");
        time.Advance(TimeSpan.FromMilliseconds(1));
        (await second).Should().BeTrue();

        time.Advance(TimeSpan.FromSeconds(1));
        (await events.MoveNextAsync()).Should().BeTrue("it is due");
        (await events.MoveNextAsync()).Should().BeTrue("it is due, too");
        var fifth = events.MoveNextAsync();
        fifth.IsCompleted.Should().BeFalse("it is due at 2.0 s, and it is 1.5 s");
        time.Advance(TimeSpan.FromSeconds(1));
        (await fifth).Should().BeTrue();
    }

    [Fact]
    public async Task Cancelling_ends_a_replay()
    {
        _folder.Write("x.json", "1\n2\n");
        using var stop = new CancellationTokenSource();
        var read = 0;

        var reading = async () =>
        {
            await foreach (var message in _folder.Source().ReadAsync(null, stop.Token))
            {
                read++;
                await stop.CancelAsync();
            }
        };

        await reading.Should().ThrowAsync<OperationCanceledException>();
        read.Should().Be(1);
    }
}
