using System.Globalization;
using System.Text;
using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Sources;
using Xunit;

namespace Pipeline.Tests.Unit.Sources;

public sealed class FileReplayErrorTests : IDisposable
{
    private readonly ReplayFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_path_is_refused_in_one_clear_line()
    {
        var open = () => _folder.Source("nowhere");

        open.Should().Throw<SourceException>().WithMessage($"Cannot replay '{_folder.PathOf("nowhere")}': no such file or folder. *").Which
            .Message.Should().NotContain("\n");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("readme.md")]
    public void A_folder_without_matching_files_is_refused(string? other)
    {
        if (other is not null)
            _folder.Write(other, "x");
        var open = () => _folder.Source();

        open.Should().Throw<SourceException>().WithMessage($"Nothing to replay in '{_folder.Root}': no *.json*");
    }

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(1, 0.0)]
    [InlineData(1, -1.0)]
    [InlineData(1, double.NaN)]
    public void Values_out_of_range_are_refused_by_name(int maxEventBytes, double rate)
    {
        var options = new FileReplayOptions { Path = _folder.Root, MaxEventBytes = maxEventBytes, EventsPerSecond = rate };
        var open = () => new FileReplaySource(options, new FakeTimeProvider());

        open.Should().Throw<SourceException>().WithMessage("FileReplayOptions.*");
    }

    [Theory]
    [InlineData("x.json.gz", 2)]
    [InlineData("x.json.gz", 9)]
    [InlineData("x.json.gz", 1)]
    [InlineData("x.json.zst", 2)]
    [InlineData("x.json.zst", 1)]
    public async Task A_truncated_file_is_reported_after_the_lines_before_the_cut_and_resumes_once_it_is_whole(string name, int cut)
    {
        var whole = ReplayFolder.Pack(name, Lines(40_000));
        // 1 and 9 bytes short: in the gzip trailer. 2: half of the file.
        File.WriteAllBytes(_folder.PathOf(name), whole[..(cut == 2 ? whole.Length / 2 : whole.Length - cut)]);
        _folder.Write("y.json", "never reached");
        var replayed = new List<Replayed>();

        var read = () => ReplayFolder.ReadIntoAsync(replayed, _folder.Source());

        (await read.Should().ThrowAsync<SourceException>()).WithMessage($"Cannot read '{_folder.PathOf(name)}' on from byte * Put a whole copy in its place*");
        replayed.Should().NotBeEmpty();

        File.WriteAllBytes(_folder.PathOf(name), whole);
        await ReplayFolder.ReadIntoAsync(replayed, _folder.Source(), replayed[^1].Position);
        replayed.Select(line => line.Text).Should().Equal(Enumerable.Range(0, 40_000).Select(Text).Append("never reached"));
    }

    [Theory]
    [InlineData("x.json.gz")]
    [InlineData("x.json.zst")]
    public async Task A_file_that_is_not_packed_at_all_is_reported(string name)
    {
        File.WriteAllBytes(_folder.PathOf(name), Lines(10));

        var read = () => ReplayFolder.ReadAsync(_folder.Source());

        await read.Should().ThrowAsync<SourceException>().WithMessage($"Cannot read '{_folder.PathOf(name)}' on from byte 0 unpacked*");
    }

    [Theory]
    [InlineData("x.json.gz")]
    [InlineData("x.json.zst")]
    public async Task A_second_member_or_frame_is_read_like_the_first(string name)
    {
        byte[] both = [.. ReplayFolder.Pack(name, Lines(10)), .. ReplayFolder.Pack(name, Lines(10))];
        File.WriteAllBytes(_folder.PathOf(name), both);

        (await ReplayFolder.ReadAsync(_folder.Source())).Should().HaveCount(20);
    }

    [Fact]
    public async Task A_flipped_byte_in_gzip_is_reported()
    {
        var packed = ReplayFolder.Pack("x.json.gz", Lines(40_000));
        packed[^6] ^= 0xff; // its checksum
        File.WriteAllBytes(_folder.PathOf("x.json.gz"), packed);

        var read = () => ReplayFolder.ReadAsync(_folder.Source());

        await read.Should().ThrowAsync<SourceException>();
    }

    [Theory]
    [InlineData("x.json.gz", 8, false)] // 8 to 5: the checksum
    [InlineData("x.json.gz", 4, false)] // 4 to 1: the length
    [InlineData("x.json.gz", 1, true)]
    [InlineData("x.json.zst", 4, false)] // 4 to 1: the checksum
    [InlineData("x.json.zst", 1, true)]
    public void A_file_damaged_behind_its_first_line_has_the_name_of_its_whole_copy(string name, int fromEnd, bool cut)
    {
        var packed = ReplayFolder.Pack(name, Lines(2));
        File.WriteAllBytes(_folder.PathOf(name), packed);
        var whole = _folder.Source().Name;

        packed[^fromEnd] ^= 0xff;
        File.WriteAllBytes(_folder.PathOf(name), cut ? packed[..^fromEnd] : packed);

        // A log goes on with a source of the same name only.
        _folder.Source().Name.Should().Be(whole);
    }

    private static byte[] Lines(int count) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i => Text(i) + "\n")));

    private static string Text(int i) => string.Create(CultureInfo.InvariantCulture, $"{{\"event\":{i},\"noise\":{i * 7919L % 10007}}}");
}
