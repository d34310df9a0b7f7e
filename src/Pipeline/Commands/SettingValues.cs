using System.Collections;
using System.CommandLine;
using System.Globalization;

namespace Pipeline.Commands;

/// <summary>Looks settings up and reads them; every complaint names the place that the value came from.</summary>
internal sealed class SettingValues
{
    private readonly ParseResult _arguments;
    private readonly SettingsFile _file;

    /// <exception cref="UsageException">A variable or a key of the file is no setting.</exception>
    public SettingValues(ParseResult arguments)
    {
        _arguments = arguments;
        _file = SettingsFile.Read();
        foreach (var variable in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => (string)e.Key))
        {
            if (variable.StartsWith(Settings.VariablePrefix, StringComparison.Ordinal) && !Settings.All.Any(s => s.Variable == variable))
            {
                throw Unknown($"Environment variable {variable}", variable, Settings.All.Select(s => s.Variable));
            }
        }
    }

    /// <summary>The value as typed and where it came from; the value is null when it is neither given nor has a default.</summary>
    public (string? Text, string Origin) Find(Setting setting)
    {
        if (_arguments.GetResult(setting.Option) is { Implicit: false } && _arguments.GetValue(setting.Option) is { } argument)
        {
            return (argument, $"--{setting.Name}");
        }

        if (Environment.GetEnvironmentVariable(setting.Variable) is { Length: > 0 } variable) return (variable, setting.Variable);
        return _file.Find(setting) is { Text: not null } found ? found : (null, $"--{setting.Name}");
    }

    public string? Text(Setting setting) => Find(setting).Text;

    /// <summary>The path of a file or folder; null when it is not given.</summary>
    /// <param name="what">What it should name.</param>
    public string? Path(Setting setting, string what) =>
        Find(setting) is { Text: { } text, Origin: var origin } ? PathText.Check(text, origin, what) : null;

    /// <summary>A whole number.</summary>
    public long Number(Setting setting, long fallback, long min, long max) => Read(
        setting,
        fallback,
        t => long.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n >= min && n <= max ? n : null,
        max == long.MaxValue ? $"a whole number, {min} or more" : $"a whole number from {min} to {max}");

    /// <summary>A number with a fraction.</summary>
    public double Fraction(Setting setting, double fallback, double min, double max) => Read(
        setting,
        fallback,
        t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && n >= min && n <= max ? n : null,
        string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"));

    /// <summary>A number of bytes, with an optional KiB or MiB.</summary>
    public int Bytes(Setting setting, int fallback, int min, int max) => (int)Read<long>(
        setting,
        fallback,
        t => Quantity.TryParseBytes(t, out var n) && n >= min && n <= max ? n : null,
        $"bytes from {min} to {max}, such as 256KiB");

    /// <summary>A duration.</summary>
    public TimeSpan Duration(Setting setting, TimeSpan fallback, TimeSpan min, TimeSpan max) => Read(
        setting,
        fallback,
        t => Quantity.TryParseDuration(t, out var d) && d >= min && d <= max ? d : null,
        $"a duration from {Quantity.Format(min)} to {Quantity.Format(max)}, such as 500ms, 30s, 5m or 00:05:00");

    public T Read<T>(Setting setting, T fallback, Func<string, T?> parse, string expected) where T : struct
    {
        var (text, origin) = Find(setting);
        if (text is null) return fallback;
        return parse(text) ?? throw new UsageException($"{origin} is '{text}'; use {expected}.{Elsewhere(setting, origin)}");
    }

    private static string Elsewhere(Setting setting, string origin) =>
        origin.StartsWith("--", StringComparison.Ordinal) ? $" (environment: {setting.Variable})" : $" (option: --{setting.Name})";

    public static UsageException Unknown(string what, string name, IEnumerable<string> known)
    {
        var nearest = known.MinBy(k => EditDistance.Between(k, name))!;
        return new UsageException($"{what} is no setting; did you mean {nearest}? `pipeline run --help` lists them.");
    }
}
