using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Archiving.Tables;
using Pipeline.Events;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

public sealed class TablePoolTests
{
    // A replay in no order of time has a table for every hour and type of a window: thousands, with a row or two in each.
    [Fact]
    public void A_table_of_one_row_takes_little()
    {
        var (parser, extra) = (new EventParser(new EventLimits()), new EnvelopeExtra());
        var json = """{"did":"did:plc:a","time_us":1783173600000000,"kind":"commit","commit":{"rev":"r","operation":"create","collection":"app.bsky.feed.post","rkey":"k","record":{"$type":"app.bsky.feed.post","text":"hello"},"cid":"c"}}"""u8;

        var before = GC.GetAllocatedBytesForCurrentThread();
        var table = new TablePool().Rent(EventType.Post);
        table.Append(parser.Parse(json, extra), extra);

        table.Rows.Should().Be(1);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(64 * 1024);
    }

    [Fact]
    public void Few_tables_are_kept_for_the_next_window()
    {
        var pool = new TablePool();
        var rented = Enumerable.Range(0, 100).Select(_ => pool.Rent(EventType.Like)).ToHashSet<Table>();
        foreach (var table in rented) pool.Return(table);

        var again = Enumerable.Range(0, 100).Select(_ => pool.Rent(EventType.Like)).Count(rented.Contains);

        again.Should().Be(2, "one window is built while the one before is completed");
    }
}
