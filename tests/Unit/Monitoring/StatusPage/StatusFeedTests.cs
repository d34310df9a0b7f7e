using System.Text;
using System.Text.Json;
using FluentAssertions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Monitoring;
using Pipeline.Monitoring.StatusPage;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring.StatusPage;

public sealed class StatusFeedTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(Readings.Start);
    private readonly StatusFeed _feed;
    private Func<double, StatusReading> _reading = seconds => Readings.At(seconds, posts: (long)seconds * 10);
    private int _looks;

    public StatusFeedTests() => _feed = new StatusFeed(Readings.Program, Look, _time, NullLogger<StatusFeed>.Instance);

    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    [Fact]
    public async Task A_page_gets_the_picture_at_once_and_then_every_newer_one()
    {
        using var visit = _feed.TryJoin()!;
        TimeOf(await visit.NextAsync(Cancellation)).Should().Be(Readings.Start);

        for (var second = 1; second <= 3; second++)
        {
            var next = visit.NextAsync(Cancellation);
            next.IsCompleted.Should().BeFalse("nothing new is there");
            await TickAsync();
            TimeOf(await next).Should().Be(Readings.Start.AddSeconds(second));
        }
    }

    [Fact]
    public async Task However_many_pages_are_open_a_picture_is_drawn_once()
    {
        var visits = Enumerable.Range(0, StatusFeed.MaxPages).Select(_ => _feed.TryJoin()!).ToList();
        foreach (var visit in visits) await visit.NextAsync(Cancellation);
        await TickAsync();

        var pictures = await Task.WhenAll(visits.Select(v => v.NextAsync(Cancellation)));
        pictures.Should().OnlyContain(p => ReferenceEquals(p, pictures[0]));
        _looks.Should().Be(2);
        visits.ForEach(v => v.Dispose());
    }

    [Fact]
    public async Task A_slow_page_is_told_the_newest_and_not_what_it_missed()
    {
        using var visit = _feed.TryJoin()!;
        await visit.NextAsync(Cancellation);
        for (var second = 0; second < 7; second++) await TickAsync();

        TimeOf(await visit.NextAsync(Cancellation)).Should().Be(Readings.Start.AddSeconds(7));
        visit.NextAsync(Cancellation).IsCompleted.Should().BeFalse();
    }

    [Fact]
    public void There_are_places_for_so_many_pages_and_a_page_that_leaves_gives_its_own_back_once()
    {
        var visits = Enumerable.Range(0, StatusFeed.MaxPages).Select(_ => _feed.TryJoin()).ToList();
        visits.Should().NotContainNulls();
        _feed.TryJoin().Should().BeNull();
        _feed.Pages.Should().Be(StatusFeed.MaxPages);

        visits[0]!.Dispose();
        visits[0]!.Dispose();
        _feed.TryJoin().Should().NotBeNull();
        _feed.TryJoin().Should().BeNull();
    }

    [Fact]
    public async Task A_look_that_fails_is_said_once_and_ends_nothing()
    {
        var log = new CountingLogger();
        var fails = false;
        var looks = 0;
        await using var feed = new StatusFeed(
            Readings.Program, () => Interlocked.Increment(ref looks) > 0 && fails ? throw new InvalidOperationException("the stars are wrong") : Readings.At(looks), _time, log);
        fails = true;
        for (var look = 2; look <= 4; look++)
        {
            _time.Advance(StatusFeed.Interval);
            await Eventually.TrueAsync("the feed to look", () => Volatile.Read(ref looks) >= look);
        }

        fails = false;
        var next = feed.Current().Next;
        _time.Advance(StatusFeed.Interval);
        await next.WaitAsync(Deadlines.Condition, Cancellation);

        TimeOf(feed.Current().Picture).Should().Be(Readings.Start.AddSeconds(5));
        log.Errors.Should().Be(1);
    }

    [Fact]
    public async Task The_end_of_the_feed_reaches_every_page()
    {
        using var visit = _feed.TryJoin()!;
        await visit.NextAsync(Cancellation);
        var next = visit.NextAsync(_feed.Stopping);
        await _feed.DisposeAsync();

        await next.Invoking(n => n).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task The_picture_is_one_event_on_one_line_whatever_the_texts_hold()
    {
        const string Nasty = "line\none\r\n\ndata: {} </script>\u2028";
        _reading = seconds => Readings.At(seconds) with { Problems = [new Problem("writer", Nasty, "Look.")] };
        await TickAsync();
        using var visit = _feed.TryJoin()!;
        var picture = Encoding.UTF8.GetString(await visit.NextAsync(Cancellation));

        picture.Should().StartWith("data: {").And.EndWith("}\n\n");
        picture.AsSpan()[..^2].IndexOfAny('\n', '\r').Should().Be(-1);
        Json(picture).GetProperty("now").GetProperty("problems")[0].GetProperty("text").GetString().Should().Be(Nasty);
        picture.Length.Should().BeLessThan(32_000, "it is sent every second");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static JsonElement Json(string picture) => JsonDocument.Parse(picture["data: ".Length..]).RootElement;

    private static DateTimeOffset TimeOf(byte[] picture) => Json(Encoding.UTF8.GetString(picture)).GetProperty("now").GetProperty("time").GetDateTimeOffset();

    private StatusReading Look()
    {
        var reading = _reading((_time.GetUtcNow() - Readings.Start).TotalSeconds);
        Interlocked.Increment(ref _looks);
        return reading;
    }

    /// <summary>Lets a second pass, and waits until it is told.</summary>
    private async Task TickAsync()
    {
        var next = _feed.Current().Next;
        _time.Advance(StatusFeed.Interval);
        await next.WaitAsync(Deadlines.Condition, Cancellation);
    }

    private sealed class CountingLogger : ILogger<StatusFeed>
    {
        public int Errors { get; private set; }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error) Errors++;
        }
    }
}
