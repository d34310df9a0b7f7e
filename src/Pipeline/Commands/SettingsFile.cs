using Microsoft.Extensions.Configuration;

namespace Pipeline.Commands;

/// <summary>The section <c>Pipeline</c> of <c>appsettings.json</c> in the current folder. Nothing in it is passed over in silence.</summary>
internal sealed class SettingsFile
{
    private const string Name = "appsettings.json";
    private const string Section = "Pipeline";
    private const int Misspelt = 2;

    private readonly IConfigurationSection _section;

    private SettingsFile(IConfigurationSection section) => _section = section;

    /// <exception cref="UsageException">The file cannot be read, or holds what is no setting.</exception>
    public static SettingsFile Read()
    {
        var root = Parse();
        foreach (var child in root.GetChildren()) CheckOutside(child);
        var section = root.GetSection(Section);
        if (section.Value is not null || section.GetChildren().Any(c => int.TryParse(c.Key, out _)))
        {
            throw new UsageException($"'{Section}' in {Name} is no object; write {{ \"{Section}\": {{ \"{Settings.Lake.Key}\": \"/data/bluesky\" }} }}.");
        }

        foreach (var child in section.GetChildren()) CheckInside(child);
        return new SettingsFile(section);
    }

    /// <summary>The value of a setting, null when it is not there; and where it stands.</summary>
    public (string? Text, string Origin) Find(Setting setting) => (_section[setting.Key], $"{Section}:{setting.Key} in {Name}");

    private static IConfigurationRoot Parse()
    {
        var folder = CurrentFolder();
        try
        {
            return new ConfigurationBuilder().SetBasePath(folder).AddJsonFile(Name, optional: true).Build();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // The innermost says at which line.
            throw new UsageException($"{Name} in {folder} cannot be read: {e.GetBaseException().Message}");
        }
    }

    private static string CurrentFolder()
    {
        try
        {
            return Directory.GetCurrentDirectory();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentException("The current folder does not exist any more, or may not be entered: change to another one (cd).", e);
        }
    }

    private static void CheckOutside(IConfigurationSection child)
    {
        if (child.Value is not null && Settings.All.Any(s => s.Key.Equals(child.Key, StringComparison.OrdinalIgnoreCase)))
        {
            throw new UsageException($"'{child.Key}' in {Name} stands outside of the section '{Section}'; move it there.");
        }

        if (EditDistance.Between(child.Key.ToUpperInvariant(), Section.ToUpperInvariant()) is > 0 and <= Misspelt)
        {
            throw new UsageException($"'{child.Key}' in {Name} is not read; did you mean '{Section}'?");
        }
    }

    private static void CheckInside(IConfigurationSection child)
    {
        if (!Settings.All.Any(s => s.Key.Equals(child.Key, StringComparison.OrdinalIgnoreCase)))
        {
            throw SettingValues.Unknown($"'{Section}:{child.Key}' in {Name}", child.Key, Settings.All.Select(s => s.Key));
        }

        if (child.GetChildren().Any())
        {
            throw new UsageException($"'{Section}:{child.Key}' in {Name} is a list or an object; write one text or number, as its option takes it.");
        }
    }
}
