using System.Text;
using CsCheck;
using FluentAssertions;
using Xunit;

namespace Pipeline.Tests.Unit.Sources;

public sealed class FileReplayPropertyTests
{
    // Few bytes, so that CRs, NULs and bytes that are no UTF-8 meet often; sizes around the limits and the reader's buffer of 128 KiB.
    private static readonly Gen<char> Byte = AnyOf('a', '{', '"', '\r', '\0', '\u00ff', ' ');

    private static readonly Gen<string> ShortLine = Gen.String[Byte, 0, 40];

    private static readonly Gen<string> LongLine =
        from size in Gen.OneOf(Gen.Int[0, 300_000], Gen.Int[131_060, 131_080], Gen.Int[262_130, 262_150])
        from fill in Byte
        select new string(fill, size);

    private static readonly Gen<string> Line = Gen.Frequency((20, ShortLine), (1, LongLine)).Select(l => l.EndsWith('\r') ? l[..^1] + "x" : l);

    private static readonly Gen<ReplayedFile> File =
        from extension in AnyOf(".json", ".jsonl", ".ndjson", ".json.gz", ".ndjson.zst")
        from lines in Line.Array[0, 30]
        from lineEnd in AnyOf("\n", "\r\n")
        from lastEnds in Gen.Bool
        select new ReplayedFile(extension, lines, lineEnd, lastEnds);

    private static readonly Gen<int> Limit = Gen.OneOf(Gen.Int[1, 50], Gen.Const(131_072), Gen.Const(1024 * 1024));

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [Fact]
    public async Task Whatever_was_written_is_replayed_in_order_cut_and_numbered_and_resumes_at_any_line() =>
        await Gen.Select(File.Array[1, 4], Limit, Gen.Double[0, 1.0]).SampleAsync(
            async (files, limit, resumeAt) =>
            {
                using var folder = new ReplayFolder();
                var lines = new List<string>();
                for (var i = 0; i < files.Length; i++)
                {
                    folder.Write($"{i}{files[i].Extension}", Encoding.Latin1.GetBytes(files[i].Content));
                    lines.AddRange(files[i].ExpectedLines);
                }

                var expected = lines
                    .Select((text, i) => new Replayed(text[..Math.Min(text.Length, limit)], text.Length, i + 1))
                    .Where(line => line.Length > 0)
                    .ToList();
                (await ReplayFolder.ReadAsync(folder.Source(maxEventBytes: limit))).Should().Equal(expected);

                var position = (long)(resumeAt * lines.Count);
                var rest = await ReplayFolder.ReadAsync(folder.Source(maxEventBytes: limit), position);
                rest.Should().Equal(expected.Where(line => line.Position > position));
            },
            iter: 300,
            threads: 1);

    private sealed record ReplayedFile(string Extension, string[] Lines, string LineEnd, bool LastEnds)
    {
        public string Content => string.Join(LineEnd, Lines) + (LastEnds && Lines.Length > 0 ? LineEnd : "");

        /// <summary>An empty last line without a line end is no line.</summary>
        public IEnumerable<string> ExpectedLines => !LastEnds && Lines is [.., ""] ? Lines[..^1] : Lines;

        public override string ToString() => $"{Extension} {Lines.Length} lines ({string.Join(',', Lines.Select(l => l.Length))}), LF only: {LineEnd == "\n"}, last ends: {LastEnds}";
    }
}
