using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace QrCards;

/// <summary>101 SQLite files in the user's temporary folder, 20 templates of 1 to 50 KB in each, made once.</summary>
internal sealed class TemplateDatabases : ITemplateDatabases
{
    private const int Files = 101;
    private const int TemplatesInEach = 20;

    private readonly string[] _connections;

    private TemplateDatabases(string folder)
        => _connections = [.. Enumerable.Range(0, Files).Select(file => $"Data Source={Path.Combine(folder, $"templates-{file:000}.db")}")];

    public static TemplateDatabases CreateOrOpen()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"qrcards-{Environment.UserName}");
        Directory.CreateDirectory(folder);

        // Two instances may start at the same time: the second one waits until the first has made them.
        using var turn = TakeTurn(Path.Combine(folder, "turn"));
        var databases = new TemplateDatabases(folder);
        var isMade = Path.Combine(folder, "made");
        if (!File.Exists(isMade))
        {
            var watch = Stopwatch.StartNew();
            for (var file = 0; file < Files; file++)
            {
                databases.Make(file);
                Console.Write($"\rMaking databases in {folder}: {file + 1} of {Files}");
            }

            Console.WriteLine($", {watch.Elapsed.TotalSeconds:0.0} s");
            File.WriteAllText(isMade, "");
        }

        return databases;
    }

    public async Task<Template?> FindAsync(string id, CancellationToken cancellationToken)
    {
        foreach (var source in _connections)
        {
            await using var connection = new SqliteConnection(source);
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT body FROM templates WHERE id = $id";
            command.Parameters.AddWithValue("$id", id);
            if (await command.ExecuteScalarAsync(cancellationToken) is string body)
                return new Template(id, body);
        }

        return null;
    }

    public async Task<bool> ChangeAsync(string id, string body)
    {
        foreach (var source in _connections)
        {
            await using var connection = new SqliteConnection(source);
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE templates SET body = $body WHERE id = $id";
            command.Parameters.AddWithValue("$id", id);
            command.Parameters.AddWithValue("$body", body);
            if (await command.ExecuteNonQueryAsync() > 0)
                return true;
        }

        return false;
    }

    private void Make(int file)
    {
        using var connection = new SqliteConnection(_connections[file]);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText = "DROP TABLE IF EXISTS templates; CREATE TABLE templates (id TEXT PRIMARY KEY, body TEXT NOT NULL)";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO templates VALUES ($id, $body)";
        var id = command.Parameters.Add("$id", SqliteType.Text);
        var body = command.Parameters.Add("$body", SqliteType.Text);
        for (var i = 0; i < TemplatesInEach; i++)
        {
            // Neighbours are in different files, so that a lookup passes through half of them on average.
            var number = (i * Files) + file + 1;
            id.Value = $"T-{number:0000}";
            body.Value = $"<h1>Card {number}</h1>" + string.Concat(Enumerable.Repeat($"<p>Paragraph of card {number}.</p>\n", 1_000 * (1 + (number % 50)) / 32));
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static FileStream TakeTurn(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                Thread.Sleep(100);
            }
        }
    }
}
