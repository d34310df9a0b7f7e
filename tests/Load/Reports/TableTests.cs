using FluentAssertions;
using Xunit;

namespace Pipeline.Tests.Load.Reports;

public sealed class TableTests
{
    [Fact]
    public void A_table_leaves_a_page_with_its_chart_Markdown_and_CSV()
    {
        const string name = "table-test";
        var files = ((string[])["html", "md", "csv"]).ToDictionary(e => e, e => Path.Combine(ReportFiles.Folder, $"{name}.{e}"));
        try
        {
            var table = new Table(name, "A table.", "what", "how <much>");
            table.Add("a|b", "1,000 \"x\"");
            table.Add(new LineChart("How much", "MB", [("it", [1, 2])], Logarithmic: false) { Labels = ["one", "two"] });
            table.Write();

            File.ReadAllText(files["md"]).Should().Be("# table-test\n\nA table.\n\n| what | how <much> |\n| --- | --- |\n| a\\|b | 1,000 \"x\" |\n");
            File.ReadAllText(files["csv"]).Should().Be("\"what\",\"how <much>\"\n\"a|b\",\"1,000 \"\"x\"\"\"\n");
            File.ReadAllText(files["html"]).Should().ContainAll("<p>A table.</p>", "<td>how &lt;much&gt;</td>", "<svg", "<polyline", ">one</text>", ">two</text>");
        }
        finally
        {
            foreach (var file in files.Values) File.Delete(file);
        }
    }
}
