namespace P2PDB.Engine.Execution.Variables;

/// <summary>
/// The system variables with MySQL 8.4's names and defaults. A line is: name, kind and scope, default. Kinds: b on or
/// off, i integer, d double, s text, e one of several words. Scopes: g global only, s session only, b both; r read-only.
/// A line that ends in a backslash goes on in the next one.
/// </summary>
internal static class SystemVariableTable
{
    /// <summary>The table, sorted by name.</summary>
    public const string Text = """
        activate_all_roles_on_login bg OFF
        admin_address sgr
        admin_port igr 33062
        authentication_policy sg *,,
        auto_generate_certs bgr ON
        auto_increment_increment ib 1
        auto_increment_offset ib 1
        autocommit bb ON
        automatic_sp_privileges bg ON
        back_log igr 151
        basedir sgr /usr/
        big_tables bb OFF
        bind_address sgr 127.0.0.1
        binlog_cache_size ig 32768
        binlog_checksum eg CRC32
        binlog_direct_non_transactional_updates bb OFF
        binlog_error_action eg ABORT_SERVER
        binlog_expire_logs_seconds ig 2592000
        binlog_format eb ROW
        binlog_row_image eb FULL
        binlog_rows_query_log_events bb OFF
        binlog_stmt_cache_size ig 32768
        block_encryption_mode eb aes-128-ecb
        bulk_insert_buffer_size ib 8388608
        character_set_client sb utf8mb4
        character_set_connection sb utf8mb4
        character_set_database sb utf8mb4
        character_set_filesystem sb binary
        character_set_results sb utf8mb4
        character_set_server sb utf8mb4
        character_set_system sgr utf8mb3
        character_sets_dir sgr /usr/share/mysql/charsets/
        check_proxy_users bg OFF
        collation_connection sb utf8mb4_0900_ai_ci
        collation_database sb utf8mb4_0900_ai_ci
        collation_server sb utf8mb4_0900_ai_ci
        completion_type eb NO_CHAIN
        concurrent_insert eg AUTO
        connect_timeout ig 10
        core_file bgr OFF
        cte_max_recursion_depth ib 1000
        datadir sgr ./data/
        default_collation_for_utf8mb4 sb utf8mb4_0900_ai_ci
        default_password_lifetime ig 0
        default_storage_engine sb InnoDB
        default_table_encryption bb OFF
        default_tmp_storage_engine sb InnoDB
        default_week_format ib 0
        delay_key_write eg ON
        disabled_storage_engines sgr
        disconnect_on_expired_password bgr ON
        div_precision_increment ib 4
        end_markers_in_json bb OFF
        enforce_gtid_consistency eg OFF
        eq_range_index_dive_limit ib 200
        error_count isr 0
        event_scheduler eg OFF
        explain_format eb TRADITIONAL
        explain_json_format_version ib 1
        explicit_defaults_for_timestamp bb ON
        external_user ssr NULL
        flush bg OFF
        flush_time ig 0
        foreign_key_checks bb ON
        ft_boolean_syntax sg +_-><()~*:""&|
        ft_max_word_len igr 84
        ft_min_word_len igr 4
        ft_query_expansion_limit igr 20
        ft_stopword_file sgr (built-in)
        general_log bg OFF
        general_log_file sg general.log
        generated_random_password_length ib 20
        group_concat_max_len ib 1024
        gtid_executed sgr
        gtid_mode eg OFF
        gtid_next ss AUTOMATIC
        gtid_owned sbr
        gtid_purged sg
        have_compress sgr YES
        have_dynamic_loading sgr NO
        have_geometry sgr YES
        have_profiling sgr NO
        have_query_cache sgr NO
        have_rtree_keys sgr YES
        have_statement_timeout sgr YES
        have_symlink sgr DISABLED
        high_priority_updates bb OFF
        histogram_generation_max_mem_size ib 20000000
        host_cache_size ig 279
        hostname sgr localhost
        identity is 0
        immediate_server_version is 999999
        information_schema_stats_expiry ib 86400
        init_connect sg
        init_file sgr
        init_replica sg
        innodb_adaptive_hash_index bg OFF
        innodb_autoinc_lock_mode igr 2
        innodb_buffer_pool_size ig 134217728
        innodb_default_row_format eg dynamic
        innodb_file_per_table bg ON
        innodb_flush_log_at_trx_commit ig 1
        innodb_flush_method sgr O_DIRECT
        innodb_ft_enable_stopword bb ON
        innodb_ft_max_token_size igr 84
        innodb_ft_min_token_size igr 3
        innodb_lock_wait_timeout ib 50
        innodb_log_file_size igr 50331648
        innodb_page_size igr 16384
        innodb_print_all_deadlocks bg OFF
        innodb_read_only bgr OFF
        innodb_rollback_on_timeout bgr OFF
        innodb_stats_on_metadata bg OFF
        innodb_stats_persistent bg ON
        innodb_strict_mode bb ON
        innodb_table_locks bb ON
        innodb_tmpdir sb
        innodb_version sgr 8.4.0
        insert_id is 0
        interactive_timeout ib 28800
        internal_tmp_mem_storage_engine eb TempTable
        join_buffer_size ib 262144
        keep_files_on_create bb OFF
        key_buffer_size ig 8388608
        large_files_support bgr ON
        large_page_size igr 0
        large_pages bgr OFF
        last_insert_id is 0
        lc_messages sb en_US
        lc_messages_dir sgr /usr/share/mysql/
        lc_time_names sb en_US
        license sgr Apache-2.0
        local_infile bg OFF
        lock_wait_timeout ib 31536000
        locked_in_memory bgr OFF
        log_bin bgr OFF
        log_bin_basename sgr
        log_bin_trust_function_creators bg OFF
        log_error sgr stderr
        log_error_verbosity ig 2
        log_output sg FILE
        log_queries_not_using_indexes bg OFF
        log_raw bg OFF
        log_slow_admin_statements bg OFF
        log_statements_unsafe_for_binlog bg ON
        log_timestamps eg UTC
        long_query_time db 10.000000
        low_priority_updates bb OFF
        lower_case_file_system bgr OFF
        lower_case_table_names igr 0
        mandatory_roles sg
        max_allowed_packet ib 67108864
        max_binlog_size ig 1073741824
        max_connect_errors ig 100
        max_connections ig 151
        max_delayed_threads ib 20
        max_digest_length igr 1024
        max_error_count ib 1024
        max_execution_time ib 0
        max_heap_table_size ib 16777216
        max_insert_delayed_threads ib 20
        max_join_size ib 18446744073709551615
        max_length_for_sort_data ib 4096
        max_points_in_geometry ib 65536
        max_prepared_stmt_count ig 16382
        max_seeks_for_key ib 18446744073709551615
        max_sort_length ib 1024
        max_sp_recursion_depth ib 0
        max_user_connections ib 0
        max_write_lock_count ig 18446744073709551615
        min_examined_row_limit ib 0
        myisam_sort_buffer_size ib 8388608
        mysql_native_password_proxy_users bg OFF
        mysqlx_port igr 33060
        net_buffer_length ib 16384
        net_read_timeout ib 30
        net_retry_count ib 10
        net_write_timeout ib 60
        new bb OFF
        offline_mode bg OFF
        old_alter_table bb OFF
        open_files_limit igr 1048576
        optimizer_prune_level ib 1
        optimizer_search_depth ib 62
        optimizer_switch sb index_merge=on,index_merge_union=on,index_merge_sort_union=on,\
        index_merge_intersection=on,engine_condition_pushdown=on,index_condition_pushdown=on,mrr=on,\
        mrr_cost_based=on,block_nested_loop=on,batched_key_access=off,materialization=on,semijoin=on,\
        loosescan=on,firstmatch=on,duplicateweedout=on,subquery_materialization_cost_based=on,\
        use_index_extensions=on,condition_fanout_filter=on,derived_merge=on,use_invisible_indexes=off,\
        skip_scan=on,hash_join=on,subquery_to_derived=off,prefer_ordering_index=on,hypergraph_optimizer=off,\
        derived_condition_pushdown=on,hash_set_operations=on
        optimizer_trace sb enabled=off,one_line=off
        optimizer_trace_features sb greedy_search=on,range_optimizer=on,dynamic_range=on,\
        repeated_subselect=on
        optimizer_trace_limit ib 1
        optimizer_trace_max_mem_size ib 1048576
        optimizer_trace_offset ib -1
        original_commit_timestamp is 36028797018963968
        original_server_version is 999999
        p2pdb_log_statements bb OFF
        p2pdb_statement_memory ib 268435456
        parser_max_mem_size ib 18446744073709551615
        partial_revokes bg OFF
        password_history ig 0
        password_require_current bg OFF
        password_reuse_interval ig 0
        performance_schema bgr ON
        pid_file sgr p2pdb.pid
        plugin_dir sgr /usr/lib/mysql/plugin/
        port igr 3306
        preload_buffer_size ib 32768
        print_identified_with_as_hex bb OFF
        profiling bb OFF
        profiling_history_size ib 15
        protocol_compression_algorithms sg uncompressed
        protocol_version igr 10
        proxy_user ssr NULL
        pseudo_replica_mode bs OFF
        pseudo_slave_mode bs OFF
        pseudo_thread_id is 0
        query_alloc_block_size ib 8192
        query_prealloc_size ib 8192
        rand_seed1 is 0
        rand_seed2 is 0
        range_alloc_block_size ib 4096
        range_optimizer_max_mem_size ib 8388608
        rbr_exec_mode es STRICT
        read_buffer_size ib 131072
        read_only bg OFF
        read_rnd_buffer_size ib 262144
        regexp_stack_limit ig 8000000
        regexp_time_limit ig 32
        relay_log sgr
        replica_net_timeout ig 60
        report_host sgr
        report_port igr 3306
        require_row_format bs OFF
        require_secure_transport bg OFF
        resultset_metadata es FULL
        schema_definition_cache ig 256
        secondary_engine_cost_threshold ds 100000.000000
        secure_file_priv sgr NULL
        select_into_buffer_size ib 131072
        select_into_disk_sync bb OFF
        select_into_disk_sync_delay ib 0
        server_id ig 1
        server_id_bits igr 32
        server_uuid sgr 00000000-0000-0000-0000-000000000000
        session_track_gtids eb OFF
        session_track_schema bb ON
        session_track_state_change bb OFF
        session_track_system_variables sb time_zone,autocommit,character_set_client,character_set_results,\
        character_set_connection
        session_track_transaction_info eb OFF
        sha256_password_proxy_users bg OFF
        show_create_table_skip_secondary_engine bs OFF
        show_create_table_verbosity bb OFF
        show_gipk_in_create_table_and_information_schema bb ON
        skip_external_locking bgr ON
        skip_name_resolve bgr ON
        skip_networking bgr OFF
        skip_show_database bgr OFF
        slow_launch_time ig 2
        slow_query_log bg OFF
        slow_query_log_file sg slow.log
        socket sgr
        sort_buffer_size ib 262144
        sql_auto_is_null bb OFF
        sql_big_selects bb ON
        sql_buffer_result bb OFF
        sql_generate_invisible_primary_key bb OFF
        sql_log_bin bs ON
        sql_log_off bb OFF
        sql_mode sb ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
        ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION
        sql_notes bb ON
        sql_quote_show_create bb ON
        sql_require_primary_key bb OFF
        sql_safe_updates bb OFF
        sql_select_limit ib 18446744073709551615
        sql_warnings bb OFF
        ssl_ca sg
        ssl_cert sg
        ssl_cipher sg
        ssl_key sg
        statement_id isr 0
        stored_program_cache ig 256
        super_read_only bg OFF
        sync_binlog ig 1
        system_time_zone sgr UTC
        table_definition_cache ig 2000
        table_encryption_privilege_check bg OFF
        table_open_cache ig 4000
        table_open_cache_instances igr 16
        tablespace_definition_cache ig 256
        temptable_max_mmap ig 0
        temptable_max_ram ig 1073741824
        terminology_use_previous eb NONE
        thread_cache_size ig 9
        thread_handling sgr one-thread-per-connection
        thread_stack igr 1048576
        time_zone sb SYSTEM
        timestamp ds 0
        tls_version sg TLSv1.2,TLSv1.3
        tmp_table_size ib 16777216
        tmpdir sgr /tmp
        transaction_alloc_block_size ib 8192
        transaction_allow_batching bs OFF
        transaction_isolation eb REPEATABLE-READ
        transaction_prealloc_size ib 4096
        transaction_read_only bb OFF
        unique_checks bb ON
        updatable_views_with_limit eb YES
        use_secondary_engine es ON
        version sgr 8.4.0-p2pdb
        version_comment sgr P2PDB
        version_compile_machine sgr x86_64
        version_compile_os sgr Linux
        version_compile_zlib sgr 1.3.1
        wait_timeout ib 28800
        warning_count isr 0
        windowing_use_high_precision bb ON
        xa_detach_on_prepare bb ON
        """;
}
