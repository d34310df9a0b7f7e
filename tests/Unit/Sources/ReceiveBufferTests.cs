using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Sources;
using Xunit;

namespace Pipeline.Tests.Unit.Sources;

public sealed class ReceiveBufferTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void It_holds_as_many_messages_as_allowed_and_takes_another_for_each_that_leaves()
    {
        var buffer = new ReceiveBuffer(maxMessages: 2, maxBytes: 1_000, _time);

        buffer.TryAdd(Message(1)).Should().BeTrue();
        buffer.TryAdd(Message(1)).Should().BeTrue();
        buffer.TryAdd(Message(1)).Should().BeFalse();
        buffer.TryTake(out _).Should().BeTrue();
        buffer.TryAdd(Message(1)).Should().BeTrue();
        buffer.PeakCount.Should().Be(2);
    }

    [Fact]
    public void It_holds_as_many_bytes_as_allowed_but_always_one_message()
    {
        var buffer = new ReceiveBuffer(maxMessages: 100, maxBytes: 1_000, _time);

        buffer.TryAdd(Message(5_000)).Should().BeTrue("nothing else is in it");
        buffer.TryAdd(Message(1)).Should().BeFalse();
        buffer.TryTake(out _).Should().BeTrue();
        buffer.TryAdd(Message(600)).Should().BeTrue();
        buffer.TryAdd(Message(401)).Should().BeFalse();
        buffer.TryAdd(Message(400)).Should().BeTrue();
    }

    [Fact]
    public async Task A_message_waits_for_room_as_long_as_it_may_and_no_longer()
    {
        var buffer = new ReceiveBuffer(maxMessages: 1, maxBytes: 1_000, _time);
        buffer.TryAdd(Message(1));

        var inTime = buffer.AddAsync(Message(2), TimeSpan.FromSeconds(2), Token);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        inTime.IsCompleted.Should().BeFalse();
        buffer.TryTake(out _);
        (await inTime).Should().BeTrue();

        var tooLate = buffer.AddAsync(Message(3), TimeSpan.FromSeconds(2), Token);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        tooLate.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.1));
        (await tooLate).Should().BeFalse();
    }

    [Fact]
    public async Task What_is_buffered_can_be_taken_after_the_end_and_then_the_end_shows()
    {
        var buffer = new ReceiveBuffer(maxMessages: 10, maxBytes: 1_000, _time);
        buffer.TryAdd(Message(7));
        buffer.Complete();

        (await buffer.WaitAsync(Token)).Should().BeTrue();
        buffer.TryTake(out var message).Should().BeTrue();
        message.Kept.Should().Be(7);
        (await buffer.WaitAsync(Token)).Should().BeFalse();
    }

    private static ReceivedMessage Message(int bytes) => new(new byte[bytes], bytes, bytes);
}
