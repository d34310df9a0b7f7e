using System.Text;

namespace Pipeline.Tests.Load.Reports;

/// <summary>A table of figures that is no scenario's, such as one of scaling, in <c>artifacts/load/</c>.</summary>
internal sealed class Table(string name, string description, params string[] head)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] row) => _rows.Add(row);

    public string Write()
    {
        var text = new StringBuilder($"# {name}\n\n{description}\n\n");
        foreach (var row in new[] { head, [.. head.Select(_ => "---")] }.Concat(_rows)) text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        Directory.CreateDirectory(LoadReport.Folder);
        File.WriteAllText(Path.Combine(LoadReport.Folder, $"{name}.md"), text.ToString());
        return text.ToString();
    }
}
