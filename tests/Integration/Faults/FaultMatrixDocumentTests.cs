using System.Globalization;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Xunit;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>The matrix in docs/reliability.md is the one that runs.</summary>
public sealed class FaultMatrixDocumentTests
{
    [Fact]
    public async Task The_document_has_every_row_as_it_is_in_the_code_and_no_other()
    {
        var lines = await File.ReadAllLinesAsync(Repository.File("docs", "reliability.md"), TestContext.Current.CancellationToken);
        var expected = FaultMatrix.Rows.Select(Line).ToList();

        lines.Where(l => l.StartsWith("| `", StringComparison.Ordinal) && l.Split('|').Length == 7).Should().Equal(
            expected, "docs/reliability.md should hold these rows:\n{0}\n", string.Join('\n', expected));
    }

    [Fact]
    public void Every_row_says_what_it_proves_and_when_it_fails()
    {
        FaultMatrix.Rows.Should().OnlyHaveUniqueItems(r => r.Name);
        FaultMatrix.Rows.Should().OnlyContain(r => r.Injected.Length > 0 && r.Proves.Length > 0 && r.FailsWhen.Length > 0);
    }

    [Fact]
    public void Every_row_is_run_by_a_test_class()
    {
        var run = typeof(FaultMatrixTests).Assembly.GetTypes()
            .Where(t => t is { IsAbstract: false } && t.IsSubclassOf(typeof(FaultMatrixTests)))
            .SelectMany(t => (TheoryData<string>)t.GetProperty("Rows")!.GetValue(null)!)
            .Select(r => r.Data);

        run.Should().BeEquivalentTo(FaultMatrix.Rows.Select(r => r.Name));
    }

    private static string Line(FaultRow row)
    {
        var traffic = row.Traffic();
        return string.Create(CultureInfo.InvariantCulture, $"| `{row.Name}` | {traffic.Kind} {traffic.Rate:N0}/s | {row.Injected} | {row.Proves} | {row.FailsWhen} |");
    }
}
