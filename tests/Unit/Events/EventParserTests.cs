using System.Text;
using System.Text.Json;
using CsCheck;
using FluentAssertions;
using Pipeline.Events;
using Xunit;

namespace Pipeline.Tests.Unit.Events;

public sealed class EventParserTests
{
    private const string Like =
        """{"did":"did:plc:a","time_us":1783173600000001,"kind":"commit","commit":{"rev":"3rev","operation":"create","collection":"app.bsky.feed.like","rkey":"3key","record":{"$type":"app.bsky.feed.like","n":[1]},"cid":"bafy"}}""";

    private static readonly EventLimits _limits = new();
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    [Theory]
    [InlineData("app.bsky.feed.post", EventType.Post)]
    [InlineData("app.bsky.feed.like", EventType.Like)]
    [InlineData("app.bsky.feed.repost", EventType.Repost)]
    [InlineData("app.bsky.graph.follow", EventType.Follow)]
    [InlineData("app.bsky.graph.block", EventType.Block)]
    public void Commits_to_the_five_collections_are_archived(string collection, EventType type)
    {
        var parsed = Parsed.Of(Like.Replace("app.bsky.feed.like", collection));

        (parsed.Kind, parsed.Type, parsed.Operation, parsed.TimeUs).Should().Be((EventKind.Archived, type, Operation.Create, 1_783_173_600_000_001));
        (parsed.Did, parsed.Collection, parsed.Rev, parsed.Rkey, parsed.Cid).Should().Be(("did:plc:a", collection, "3rev", "3key", "bafy"));
        parsed.Record.Should().Be($$"""{"$type":"{{collection}}","n":[1]}""");
    }

    [Fact]
    public void An_update_carries_a_record_as_a_create_does()
    {
        var parsed = Parsed.Of(Like.Replace("create", "update"));

        (parsed.Kind, parsed.Operation, parsed.Cid).Should().Be((EventKind.Archived, Operation.Update, "bafy"));
    }

    [Fact]
    public void A_delete_carries_neither_record_nor_cid()
    {
        var parsed = Parsed.Of(Commit(
            """{"rev":"3rev","operation":"delete","collection":"app.bsky.feed.like","rkey":"3key"}"""));

        (parsed.Kind, parsed.Operation, parsed.Record, parsed.Cid).Should().Be((EventKind.Archived, Operation.Delete, "", ""));
    }

    [Theory]
    [InlineData("""{"did":"did:plc:a","time_us":1,"kind":"identity","identity":{"did":"did:plc:a","handle":"h","seq":1}}""", EventKind.Identity)]
    [InlineData("""{"did":"did:plc:a","time_us":1,"kind":"account","account":{"active":true}}""", EventKind.Account)]
    [InlineData("""{"did":"did:plc:a","time_us":1,"kind":"commit","commit":{"rev":"r","operation":"create","collection":"app.bsky.actor.profile","rkey":"self","record":{}}}""", EventKind.OtherCollection)]
    [InlineData("""{"did":"did:plc:a","time_us":1,"kind":"commit","commit":{"rev":"r","operation":"delete","collection":"app.bsky.feed.posts","rkey":"k"}}""", EventKind.OtherCollection)]
    public void Everything_else_is_told_by_its_kind(string json, EventKind kind) => Parsed.Of(json).Kind.Should().Be(kind);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":"\x"}""")]
    [InlineData("""{"a":1} // comment""")]
    [InlineData("\ufeff{}")]
    public void What_is_no_JSON_is_malformed(string json) => ReasonOf(json).Should().Be(RejectReason.Malformed);

    [Fact]
    public void Bytes_after_the_event_are_malformed_unless_they_are_white_space()
    {
        ReasonOf(Like + "x").Should().Be(RejectReason.Malformed);
        ReasonOf(Like + Like).Should().Be(RejectReason.Malformed);
        ReasonOf(Like + "\0").Should().Be(RejectReason.Malformed);
        ReasonOf(" \r\n" + Like + "\n\t ").Should().BeNull();
    }

    [Theory]
    [InlineData(0xff)]
    [InlineData(0xc0)]
    [InlineData(0xed)]
    public void Bytes_that_are_no_UTF8_are_malformed_even_deep_in_a_record(byte bad)
    {
        var bytes = Encoding.UTF8.GetBytes(Like.Replace("[1]", "[\"~\"]"));
        bytes[Array.IndexOf(bytes, (byte)'~')] = bad;

        Parsed.Of(bytes).Reason.Should().Be(RejectReason.Malformed);
    }

    [Theory]
    [InlineData("did:plc:a")]
    [InlineData("commit")]
    [InlineData("3rev")]
    [InlineData("create")]
    [InlineData("app.bsky.feed.like")]
    [InlineData("3key")]
    [InlineData("bafy")]
    public void Half_a_surrogate_pair_in_a_string_of_the_envelope_is_malformed(string value) =>
        ReasonOf(Like.Replace($":\"{value}\"", $":\"{value}\\ud83d\"")).Should().Be(RejectReason.Malformed);

    [Fact]
    public void Half_a_surrogate_pair_elsewhere_is_left_to_the_record()
    {
        Parsed.Of(Like.Replace("[1]", "\"\\ud83d\"")).Record.Should().Contain("\\ud83d");
        Parsed.Of(Like.Replace("\"kind\"", "\"\\ud83d and a long name\":1,\"kind\"")).Kind.Should().Be(EventKind.Archived);
    }

    [Fact]
    public void Up_to_the_limit_in_bytes_an_event_is_archived_and_beyond_it_is_oversized()
    {
        var fits = Like.Replace("[1]", $"\"{new string('x', _limits.MaxBytes - Like.Length + 1)}\"");

        Encoding.UTF8.GetByteCount(fits).Should().Be(_limits.MaxBytes);
        ReasonOf(fits).Should().BeNull();
        ReasonOf(fits + " ").Should().Be(RejectReason.Oversized);
        ReasonOf(new string('\0', _limits.MaxBytes + 1)).Should().Be(RejectReason.Oversized, "length is looked at first");
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void Up_to_the_limit_in_depth_an_event_is_archived_and_beyond_it_is_too_deep(string open, string close)
    {
        // The event, the commit and the record are three levels themselves.
        string Nested(int depth) => Like.Replace("[1]", Repeat(open, depth - 3) + "1" + Repeat(close, depth - 3));

        ReasonOf(Nested(_limits.MaxDepth)).Should().BeNull();
        ReasonOf(Nested(_limits.MaxDepth + 1)).Should().Be(RejectReason.TooDeep);
        ReasonOf(Nested(10_000)).Should().Be(RejectReason.TooDeep);
    }

    [Fact]
    public void Of_two_faults_the_first_one_counts()
    {
        ReasonOf(Repeat("[", 10_000)).Should().Be(RejectReason.TooDeep);
        ReasonOf("{]" + Repeat("[", 10_000)).Should().Be(RejectReason.Malformed);
        ReasonOf(Repeat("[", 50)).Should().Be(RejectReason.Malformed, "it is not deep, it only never ends");
    }

    [Theory]
    [InlineData("[1]", "{}")]
    [InlineData("null", "{}")]
    [InlineData("1", "{}")]
    [InlineData("\"text\"", "{}")]
    [InlineData("{}", "{}")]
    [InlineData("\"did\":\"did:plc:a\",", "")]
    [InlineData("\"time_us\":1783173600000001,", "")]
    [InlineData("\"kind\":\"commit\",", "")]
    [InlineData("\"rev\":\"3rev\",", "")]
    [InlineData("\"operation\":\"create\",", "")]
    [InlineData("\"collection\":\"app.bsky.feed.like\",", "")]
    [InlineData("\"rkey\":\"3key\",", "")]
    [InlineData("\"commit\":{", "\"commits\":{")]
    public void An_event_without_a_member_it_needs_has_an_unknown_shape(string part, string replacement) =>
        ReasonOf(Like.Contains(part, StringComparison.Ordinal) && part.Length > 3 ? Like.Replace(part, replacement) : part)
            .Should().Be(RejectReason.UnknownShape);

    [Fact]
    public void A_create_without_a_record_has_an_unknown_shape()
    {
        ReasonOf(Like.Replace("\"record\"", "\"records\"")).Should().Be(RejectReason.UnknownShape);
        ReasonOf(Like.Replace("\"record\"", "\"records\"").Replace("create", "update")).Should().Be(RejectReason.UnknownShape);
    }

    [Fact]
    public void A_create_without_a_cid_is_archived() => ReasonOf(Like.Replace(",\"cid\":\"bafy\"", "")).Should().BeNull();

    [Theory]
    [InlineData(",\"record\":{}")]
    [InlineData(",\"cid\":\"bafy\"")]
    [InlineData(",\"record\":null")]
    public void A_delete_with_something_of_a_record_has_an_unknown_shape(string more) =>
        ReasonOf(Commit($$"""{"rev":"3rev","operation":"delete","collection":"app.bsky.feed.like","rkey":"3key"{{more}}}"""))
            .Should().Be(RejectReason.UnknownShape);

    [Theory]
    [InlineData("\"did\":\"did:plc:a\"")]
    [InlineData("\"time_us\":1783173600000001")]
    [InlineData("\"kind\":\"commit\"")]
    [InlineData("\"rev\":\"3rev\"")]
    [InlineData("\"operation\":\"create\"")]
    [InlineData("\"collection\":\"app.bsky.feed.like\"")]
    [InlineData("\"rkey\":\"3key\"")]
    [InlineData("\"cid\":\"bafy\"")]
    [InlineData("\"record\":{\"$type\":\"app.bsky.feed.like\",\"n\":[1]}")]
    public void A_member_that_comes_twice_has_an_unknown_shape(string member) =>
        ReasonOf(Like.Replace(member, $"{member},{member}")).Should().Be(RejectReason.UnknownShape);

    [Fact]
    public void A_commit_that_comes_twice_has_an_unknown_shape() =>
        ReasonOf(Like.Replace("\"kind\"", "\"commit\":{},\"kind\"")).Should().Be(RejectReason.UnknownShape);

    [Theory]
    [InlineData("\"did:plc:a\"")]
    [InlineData("1783173600000001")]
    [InlineData("\"commit\",")]
    [InlineData("\"3rev\"")]
    [InlineData("\"create\"")]
    [InlineData("\"app.bsky.feed.like\",\"rkey\"")]
    [InlineData("\"3key\"")]
    [InlineData("\"bafy\"")]
    [InlineData("{\"$type\":\"app.bsky.feed.like\",\"n\":[1]}")]
    public void A_member_of_another_type_has_an_unknown_shape(string value)
    {
        var rest = value.EndsWith(',') ? "," : value.EndsWith("\"rkey\"", StringComparison.Ordinal) ? ",\"rkey\"" : "";
        foreach (var other in new[] { "null", "true", "1.5", "[]", "[{\"did\":1}]", "\"\"", "99999999999999999999" })
        {
            ReasonOf(Like.Replace(value, other + rest)).Should().Be(RejectReason.UnknownShape, "it has {0} for {1}", other, value);
        }
    }

    [Theory]
    [InlineData("did:plc:a", "plc:a")]
    [InlineData("create", "destroy")]
    [InlineData("create", "Create")]
    [InlineData("\"kind\":\"commit\"", "\"kind\":\"sync\"")]
    public void A_value_we_do_not_know_has_an_unknown_shape(string value, string other) =>
        ReasonOf(Like.Replace(value, other)).Should().Be(RejectReason.UnknownShape);

    [Fact]
    public void Escapes_in_names_and_strings_of_the_envelope_are_resolved()
    {
        var parsed = Parsed.Of(Like
            .Replace("\"did\"", "\"\\u0064id\"").Replace("\"record\"", "\"\\u0072ecord\"")
            .Replace("did:plc:a", "did:\\u0070lc:\\ud83d\\ude00").Replace("3rev", "3\\/rev").Replace("3key", "3\\nkey").Replace("create", "cre\\u0061te")
            .Replace("\"app.bsky.feed.like\",\"rkey", "\"app.bsky.feed.\\u006cike\",\"rkey"));

        (parsed.Kind, parsed.Type, parsed.Operation).Should().Be((EventKind.Archived, EventType.Like, Operation.Create));
        (parsed.Did, parsed.Rev, parsed.Rkey, parsed.Cid).Should().Be(("did:plc:😀", "3/rev", "3\nkey", "bafy"));
    }

    [Fact]
    public void Strings_with_escapes_stay_apart_however_long_they_are() =>
        Gen.String[Gen.Char.AlphaNumeric, 0, 3_000].Array[5].Sample(parts =>
        {
            var parsed = Parsed.Of(
                $$$"""{"did":"did:\u0061{{{parts[0]}}}","time_us":5,"kind":"commit","commit":{"rev":"\u0061{{{parts[1]}}}","operation":"create","collection":"app.bsky.feed.like","rkey":"\u0061{{{parts[2]}}}","record":{},"cid":"\u0061{{{parts[3]}}}"}}""");
            return (parsed.Did, parsed.Rev, parsed.Rkey, parsed.Cid) == ("did:a" + parts[0], "a" + parts[1], "a" + parts[2], "a" + parts[3]);
        }, iter: 200);

    [Fact]
    public void Unknown_members_of_event_and_commit_are_kept_as_they_stand()
    {
        var json = Like.Replace("\"kind\"", "\"cursor\" : 1e400, \"\\u0078\":{\"y\" : []},\"kind\"").Replace("\"rev\"", "\"since\": null,\"rev\"");

        Parsed.Of(json).Extra.Should().Be("""{"cursor" : 1e400,"\u0078":{"y" : []},"commit":{"since": null}}""");
        Parsed.Of(Like.Replace("\"rev\"", "\"since\":\"s\",\"rev\"")).Extra.Should().Be("""{"commit":{"since":"s"}}""");
        Parsed.Of(Like).Extra.Should().BeEmpty();
    }

    [Fact]
    public void What_one_event_held_does_not_show_in_the_next()
    {
        var parser = new EventParser(_limits);
        var extra = new EnvelopeExtra();
        _ = parser.Parse(Encoding.UTF8.GetBytes(Like.Replace("\"kind\"", "\"x\":1,\"kind\"")), extra);
        var parsed = parser.Parse(Encoding.UTF8.GetBytes(Like), extra);

        parsed.Kind.Should().Be(EventKind.Archived);
        extra.Json.Length.Should().Be(0);
    }

    [Fact]
    public void The_order_of_members_does_not_matter()
    {
        var plain = Parsed.Of(Like);
        string[] commit =
        [
            "\"rev\":\"3rev\"", "\"operation\":\"create\"", "\"collection\":\"app.bsky.feed.like\"", "\"rkey\":\"3key\"",
            "\"record\":{\"$type\":\"app.bsky.feed.like\",\"n\":[1]}", "\"cid\":\"bafy\"",
        ];
        var members =
            from c in Gen.Shuffle(commit)
            from e in Gen.Shuffle((string[])["\"did\":\"did:plc:a\"", "\"time_us\":1783173600000001", "\"kind\":\"commit\"", $"\"commit\":{{{string.Join(',', c)}}}"])
            select $"{{{string.Join(",\n ", e)}\n}}";
        members.Sample(json => Parsed.Of(json) == plain, iter: 500);
    }

    [Fact]
    public void White_space_between_tokens_does_not_matter()
    {
        using var document = JsonDocument.Parse(Like);
        var indented = JsonSerializer.Serialize(document, _indented);

        var parsed = Parsed.Of(indented.Replace("\n", "\r\n\t"));

        (parsed with { Record = "" }).Should().Be(Parsed.Of(Like) with { Record = "" });
        parsed.Record.Should().Contain("\n").And.StartWith("{").And.EndWith("}");
    }

    [Fact]
    public void No_JSON_whatsoever_makes_it_throw() => OddJson.Value.Sample(json => { _ = Parsed.Of(json); }, iter: 5_000);

    [Fact]
    public void No_member_of_any_type_makes_it_throw()
    {
        var events =
            from name in Gen.OneOf(OddJson.OneOf("did", "time_us", "kind", "commit", "rev", "operation", "collection", "rkey", "record", "cid").Select(n => OddJson.Quote(n)), OddJson.Literal)
            from value in OddJson.Value
            from at in OddJson.OneOf("\"did\"", "\"kind\"", "\"rev\"", "\"cid\"", "\"n\"")
            select Like.Replace(at, $"{name}:{value},{at}");
        events.Sample(json => { _ = Parsed.Of(json); }, iter: 5_000);
    }

    [Fact]
    public void No_bytes_whatsoever_make_it_throw() => Gen.Byte.Array[0, 200].Sample(bytes => Parsed.Of(bytes).Kind == EventKind.Rejected, iter: 5_000);

    [Fact]
    public void An_event_cut_off_anywhere_is_malformed()
    {
        var json = Encoding.UTF8.GetBytes(Like.Replace("[1]", "\"é😀\\ud83d\\ude00\""));

        Enumerable.Range(0, json.Length).Select(length => Parsed.Of(json[..length]).Reason).Should().AllBeEquivalentTo(RejectReason.Malformed);
        OddEvents.AnyBytes.Sample(bytes => Enumerable.Range(0, bytes.Length)
            .Where(length => bytes.AsSpan(length).ContainsAnyExcept(" \r\n\t"u8))
            .All(length => Parsed.Of(bytes[..length]).Kind == EventKind.Rejected), iter: 30);
    }

    [Fact]
    public void Any_odd_event_is_archived_and_its_record_is_a_slice_of_it() => OddEvents.Any.Sample(
        json =>
        {
            var parsed = Parsed.Of(json);
            return parsed.Kind == EventKind.Archived && (parsed.Operation == Operation.Delete) == (parsed.Record.Length == 0)
                && json.Contains(parsed.Record, StringComparison.Ordinal);
        },
        iter: 1_000);

    [Fact]
    public void Accepting_an_event_allocates_nothing()
    {
        var parser = new EventParser(_limits);
        var extra = new EnvelopeExtra();
        var json = Encoding.UTF8.GetBytes(Like.Replace("did:plc:a", "did:\\u0070lc:a").Replace("\"kind\"", "\"cursor\":1,\"kind\""));
        long Parse(int times)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++)
            {
                if (parser.Parse(json, extra).Kind != EventKind.Archived) throw new InvalidOperationException("Rejected.");
                if (extra.Json.IsEmpty) throw new InvalidOperationException("No extra.");
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Parse(100);

        Parse(10_000).Should().Be(0);
    }

    [Fact]
    public void The_same_event_has_the_same_identity_from_any_host_and_another_event_another()
    {
        var identity = Parsed.Of(Like).Identity;

        Parsed.Of(Like.Replace("1783173600000001", "1783173600000999").Replace("\"rev\"", "\"x\":1,\"rev\"")).Identity.Should().Be(identity);
        new[]
        {
            identity, Parsed.Of(Like.Replace("plc:a", "plc:b")).Identity, Parsed.Of(Like.Replace("3rev", "3rew")).Identity,
            Parsed.Of(Like.Replace("3key", "3kez")).Identity, Parsed.Of(Like.Replace("create", "update")).Identity,
            Parsed.Of(Like.Replace("feed.like", "feed.repost")).Identity, Parsed.Of(Like.Replace("3rev", "3re").Replace("3key", "3keyv")).Identity,
        }.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Identities_keep_their_parts_apart()
    {
        var part = Gen.String[OddJson.OneOf('a', '\0', '\u0001'), 0, 3];
        Gen.Select(part.Array[4], part.Array[4]).Where((a, b) => !a.SequenceEqual(b)).Sample((a, b) => Identity(a) != Identity(b), iter: 20_000);

        static UInt128 Identity(string[] parts)
        {
            var bytes = parts.Select(Encoding.ASCII.GetBytes).ToArray();
            return EventIdentity.Of(bytes[0], bytes[1], bytes[2], bytes[3], Operation.Create);
        }
    }

    [Fact]
    public void Names_longer_than_the_stack_takes_have_identities_too() =>
        EventIdentity.Of(new byte[5_000], new byte[1], new byte[1], new byte[1], Operation.Create)
            .Should().NotBe(EventIdentity.Of(new byte[5_001], new byte[1], new byte[1], new byte[1], Operation.Create));

    private static RejectReason? ReasonOf(string json) => Parsed.Of(json).Reason;

    private static string Commit(string commit) => $$"""{"did":"did:plc:a","time_us":1783173600000001,"kind":"commit","commit":{{commit}}}""";

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
