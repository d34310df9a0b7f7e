using Microsoft.Data.Sqlite;

namespace Pipeline.Tests.Integration.Scheduling;

/// <summary>A schedule's database with a fault in it, until it is mended.</summary>
internal sealed class BrokenDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly string _filler;
    private readonly DatabaseFault _fault;

    private BrokenDatabase(string path, DatabaseFault fault)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        _connection.Open();
        (_filler, _fault) = (Path.Combine(Path.GetDirectoryName(path)!, "filler"), fault);
    }

    public static BrokenDatabase Break(string path, DatabaseFault fault)
    {
        var database = new BrokenDatabase(path, fault);
        switch (fault)
        {
            case DatabaseFault.Gone:
                database.Execute("ALTER TABLE run RENAME TO run_away; ALTER TABLE QRTZ_TRIGGERS RENAME TO triggers_away");
                break;
            case DatabaseFault.Spoilt:
                database.Execute("ALTER TABLE QRTZ_TRIGGERS RENAME COLUMN TRIGGER_STATE TO STATE_AWAY");
                break;
            case DatabaseFault.Locked:
                database.Execute("BEGIN EXCLUSIVE");
                break;
            default:
                database.Fill();
                break;
        }

        return database;
    }

    public void Mend()
    {
        if (_fault == DatabaseFault.Full) File.Delete(_filler);
        else Execute(_fault == DatabaseFault.Locked ? "ROLLBACK" : "ALTER TABLE run_away RENAME TO run");
    }

    public void Dispose() => _connection.Dispose();

    private void Fill()
    {
        using var file = File.Create(_filler, bufferSize: 1);
        try
        {
            while (true) file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Now it is full.
        }
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
