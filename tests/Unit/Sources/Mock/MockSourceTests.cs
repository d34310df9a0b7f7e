using System.Text;
using FluentAssertions;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Xunit;

namespace Pipeline.Tests.Unit.Sources.Mock;

public sealed class MockSourceTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resuming_after_any_position_continues_exactly()
    {
        var source = new MockSource(new MockFirehoseOptions { Events = 500 });
        var all = await ReadAsync(source, null);

        foreach (var position in new long[] { 0, 63, 64, 200, 498 })
            (await ReadAsync(source, position)).Should().Equal(all.Skip((int)position + 1));
        all.Select(message => message.Position).Should().Equal(Enumerable.Range(0, 500).Select(index => (long?)index));
    }

    [Fact]
    public async Task After_its_last_event_it_ends_at_once()
    {
        var source = new MockSource(new MockFirehoseOptions { Events = 500 });

        (await ReadAsync(source, 499)).Should().BeEmpty();
        (await ReadAsync(source, 9_999)).Should().BeEmpty();
    }

    [Fact]
    public void Its_name_changes_with_what_changes_the_bytes_and_with_nothing_else()
    {
        var options = new MockFirehoseOptions();
        var name = Name(options);

        name.Should().MatchRegex("^mock-42-[0-9a-f]{8}$");
        Name(options with { Events = 5, Rate = 1_000 }).Should().Be(name);
        new[]
        {
            Name(options with { Seed = 43 }), Name(options with { EventsPerSecond = 344 }), Name(options with { Start = options.Start.AddDays(1) }),
            Name(options with { Mix = new MockMix { Likes = 68 } }), name,
        }.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Only_an_endless_mock_is_live()
    {
        new MockSource(new MockFirehoseOptions()).IsLive.Should().BeTrue();
        new MockSource(new MockFirehoseOptions { Events = 1 }).IsLive.Should().BeFalse();
    }

    [Fact]
    public async Task A_cancelled_read_stops()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var read = 0;

        var reading = async () =>
        {
            await foreach (var _ in new MockSource(new MockFirehoseOptions()).ReadAsync(null, stop.Token))
            {
                if (++read == 100)
                    await stop.CancelAsync();
            }
        };

        await reading.Should().ThrowAsync<OperationCanceledException>();
        read.Should().Be(100);
    }

    private static string Name(MockFirehoseOptions options) => new MockSource(options).Name;

    private static async Task<List<(string Text, long? Position)>> ReadAsync(MockSource source, long? position)
    {
        var messages = new List<(string, long?)>();
        await foreach (var message in source.ReadAsync(position, Cancelled))
            messages.Add((Encoding.UTF8.GetString(message.Bytes.Span), message.Position));
        return messages;
    }
}
