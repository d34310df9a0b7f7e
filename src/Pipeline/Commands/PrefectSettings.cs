using Pipeline.Scheduling.Prefect;

namespace Pipeline.Commands;

/// <summary>Turns settings into the options of the Prefect worker. Secrets come from files, or from the variables that Prefect's own clients read.</summary>
internal static class PrefectSettings
{
    private const string ApiVariable = "PREFECT_API_URL";
    private const string AuthVariable = "PREFECT_API_AUTH_STRING";
    private const string KeyVariable = "PREFECT_API_KEY";

    /// <exception cref="UsageException">A setting is impossible.</exception>
    public static PrefectOptions Read(SettingValues settings)
    {
        var options = new PrefectOptions { Api = Address(settings), Credentials = Credentials(settings) };
        var every = settings.Duration(Settings.Every, options.Every, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        if (every.Ticks % TimeSpan.TicksPerSecond != 0) throw new UsageException($"{settings.Find(Settings.Every).Origin} is '{settings.Text(Settings.Every)}'; use whole seconds.");
        return options with
        {
            Every = every,
            WorkPool = Name(settings, Settings.WorkPool, options.WorkPool),
            WorkerName = Name(settings, Settings.WorkerName, options.WorkerName),
            Poll = settings.Duration(Settings.PrefectPoll, options.Poll, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        };
    }

    private static Uri Address(SettingValues settings)
    {
        var (text, origin) = settings.Find(Settings.PrefectApi);
        if (text is null) (text, origin) = (Environment.GetEnvironmentVariable(ApiVariable), ApiVariable);
        if (string.IsNullOrEmpty(text)) throw new UsageException($"Where is the Prefect server? Give --prefect-api, such as http://127.0.0.1:4200/api ({Settings.PrefectApi.Variable} or {ApiVariable}).");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0)
        {
            throw new UsageException($"{origin} is no address of an API; use one such as http://127.0.0.1:4200/api.");
        }

        // Not shown: it may hold a password.
        if (uri.UserInfo.Length > 0) throw new UsageException($"{origin} holds a user or a password, which others can see in it; give them by --prefect-auth-file or {AuthVariable}.");
        return new Uri($"{uri.GetLeftPart(UriPartial.Authority)}{(uri.AbsolutePath == "/" ? "/api" : uri.AbsolutePath.TrimEnd('/'))}/");
    }

    private static PrefectCredentials Credentials(SettingValues settings)
    {
        var (auth, authOrigin) = Secret(settings, Settings.PrefectAuthFile, AuthVariable);
        var (key, keyOrigin) = Secret(settings, Settings.PrefectKeyFile, KeyVariable);
        if (auth is not null && key is not null) throw new UsageException($"{authOrigin} and {keyOrigin} are both given; leave one out.");
        if (auth is not null && !auth.Contains(':', StringComparison.Ordinal)) throw new UsageException($"{authOrigin} does not hold user:password.");
        return auth is not null ? PrefectCredentials.Basic(auth) : key is not null ? PrefectCredentials.ApiKey(key) : PrefectCredentials.None;
    }

    private static (string? Secret, string Origin) Secret(SettingValues settings, Setting file, string variable)
    {
        var (path, origin) = settings.Find(file);
        if (path is null) return (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value.Trim() : null, variable);
        try
        {
            var text = File.ReadAllText(path).Trim();
            return text.Length > 0 ? (text, origin) : throw new UsageException($"{origin}: file '{path}' is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{origin}: cannot read file '{path}': {e.Message}");
        }
    }

    private static string Name(SettingValues settings, Setting setting, string fallback)
    {
        var (text, origin) = settings.Find(setting);
        if (text is null) return fallback;
        return text.Length is > 0 and <= 100 && !text.Any(c => char.IsControl(c) || c is '/' or '%' or '&' or '<' or '>' or '"')
            ? text
            : throw new UsageException($"{origin} is '{text}'; use 1 to 100 characters, none of / % & < > \".");
    }
}
