using System.Text.RegularExpressions;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Unit.Commands;

/// <summary>docs/errors.md lists messages that the program really has.</summary>
public sealed partial class ErrorsDocumentTests
{
    private const char Differs = '…';

    // As the messages read: pieces of one text put together, and what differs from one to the next left out.
    private static readonly string _source = Hole().Replace(
        Seam().Replace(string.Concat(Directory.EnumerateFiles(Repository.File("src", "Pipeline"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText)), ""),
        Differs.ToString());

    public static TheoryData<string> Messages => [.. Message().Matches(File.ReadAllText(Repository.File("docs", "errors.md"))).Select(m => m.Groups[1].Value)];

    [Fact]
    public void There_are_many() => Messages.Should().HaveCountGreaterThan(40);

    [Theory, MemberData(nameof(Messages))]
    public void A_message_that_is_listed_exists(string message)
    {
        foreach (var part in message.Split(Differs, StringSplitOptions.RemoveEmptyEntries)) _source.Should().Contain(part);
    }

    [GeneratedRegex("""^\| `(.+?)` \|""", RegexOptions.Multiline)]
    private static partial Regex Message();

    [GeneratedRegex(@""" *\+\s+\$?""")]
    private static partial Regex Seam();

    [GeneratedRegex(@"\{[^{}\n]*\}")]
    private static partial Regex Hole();
}
