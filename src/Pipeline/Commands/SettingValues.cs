using System.Collections;
using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Pipeline.Commands;

/// <summary>Looks settings up and reads them; every complaint names the place that the value came from.</summary>
internal sealed class SettingValues
{
    private const string FileName = "appsettings.json";
    private const string Section = "Pipeline";

    private readonly ParseResult _arguments;
    private readonly IConfigurationSection _file;

    /// <exception cref="UsageException">A variable or a key of the file is no setting.</exception>
    public SettingValues(ParseResult arguments)
    {
        _arguments = arguments;
        _file = ReadFile();
        foreach (var key in _file.GetChildren().Select(c => c.Key))
        {
            if (!Settings.All.Any(s => s.Key.Equals(key, StringComparison.OrdinalIgnoreCase)))
            {
                throw Unknown($"'{Section}:{key}' in {FileName}", key, Settings.All.Select(s => s.Key));
            }
        }

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
        return _file[setting.Key] is { } key ? (key, $"{Section}:{setting.Key} in {FileName}") : (null, $"--{setting.Name}");
    }

    public string? Text(Setting setting) => Find(setting).Text;

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

    private static IConfigurationSection ReadFile()
    {
        try
        {
            return new ConfigurationBuilder().SetBasePath(Directory.GetCurrentDirectory()).AddJsonFile(FileName, optional: true).Build().GetSection(Section);
        }
        catch (InvalidDataException e)
        {
            throw new UsageException($"{FileName} in {Directory.GetCurrentDirectory()} cannot be read: {e.InnerException?.Message ?? e.Message}");
        }
    }

    private static UsageException Unknown(string what, string name, IEnumerable<string> known)
    {
        var nearest = known.MinBy(k => EditDistance.Between(k, name))!;
        return new UsageException($"{what} is no setting; did you mean {nearest}? `pipeline run --help` lists them.");
    }
}
