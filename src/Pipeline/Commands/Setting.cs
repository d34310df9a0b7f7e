using System.CommandLine;
using System.Globalization;

namespace Pipeline.Commands;

/// <summary>
/// One setting under its three names: option <c>--batch-events</c>, variable <c>PIPELINE_BATCH_EVENTS</c>, and <c>BatchEvents</c> in
/// the section <c>Pipeline</c> of <c>appsettings.json</c>; the first that is given counts.
/// </summary>
internal sealed class Setting
{
    public Setting(string name, string description, string? defaultText = null)
    {
        (Name, Default) = (name, defaultText);
        Option = new Option<string?>($"--{name}")
        {
            Description = defaultText is null ? description : $"{description} [default: {defaultText}]",
            HelpName = name,
        };
    }

    public string Name { get; }

    /// <summary>The value when none is given, as it would be typed.</summary>
    public string? Default { get; }

    public Option<string?> Option { get; }

    public string Variable => $"{Settings.VariablePrefix}{Name.Replace('-', '_').ToUpperInvariant()}";

    public string Key => string.Concat(Name.Split('-').Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase));
}
