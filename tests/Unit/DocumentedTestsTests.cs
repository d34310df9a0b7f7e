using System.Text.RegularExpressions;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Unit;

/// <summary>docs/invariants.md names a test for each promise.</summary>
public sealed partial class DocumentedTestsTests
{
    private static readonly string _text = File.ReadAllText(Repository.File("docs", "invariants.md"));

    public static TheoryData<string> Tests => [.. TestName().Matches(_text).Select(m => m.Groups[1].Value).Distinct()];

    public static TheoryData<string> Rows => [.. RowName().Matches(_text).Select(m => m.Groups[1].Value).Distinct()];

    [Theory, MemberData(nameof(Tests))]
    public void A_test_that_is_named_exists(string name)
    {
        string[] roots = [Repository.File("tests"), Repository.File("tests", "Integration")];
        var found = roots.Select(r => Path.Combine(r, name)).Any(path =>
            Directory.Exists(path) || (Directory.Exists(Path.GetDirectoryName(path)) && Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".cs").Any()));

        found.Should().BeTrue("'{0}' stands in docs/invariants.md", name);
    }

    [Theory, MemberData(nameof(Rows))]
    public void A_row_that_is_named_is_in_the_fault_matrix(string name) =>
        File.ReadAllText(Repository.File("docs", "reliability.md")).Should().Contain($"| `{name}` |");

    [GeneratedRegex("`((?:[A-Z][A-Za-z]*/)+[A-Za-z*]+)`")]
    private static partial Regex TestName();

    [GeneratedRegex("`([a-z]+(?:-[a-z0-9]+)+)`")]
    private static partial Regex RowName();
}
