import type { KeyTables } from "../platform";

/** One item per word. */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

// ast_tls_read_conf in main/tcptls.c, for those who hand on only what a server can use.
const tlsServer = words(`tlsenable sslenable tlscertfile sslcert tlscert tlsprivatekey sslprivatekey tlscipher sslcipher
  tlsbindaddr sslbindaddr tlsservercipherorder tlsdisablev1 tlsdisablev11 tlsdisablev12`);

/**
 * Keys of the files that the documentation of Asterisk 22 leaves out, read from the source of 22.10.1: a key that is not here is
 * ignored by Asterisk without a word.
 */
export const keys22: KeyTables = {
  // load_asterisk_conf in main/options.c
  "asterisk.conf": {
    files: words("astctlpermissions astctlowner astctlgroup astctl"),
    directories: words(`astcachedir astetcdir astspooldir astvarlibdir astdbdir astdatadir astkeydir astlogdir astagidir
      astrundir astmoddir astsbindir`),
    options: words(`verbose timestamp execincludes debug trace refdebug nofork alwaysfork quiet console highpriority
      initcrypto nocolor dontwarn dumpcore cache_record_files cache_media_frames record_cache_dir transcode_via_sln
      transmit_silence_during_record transmit_silence mindtmfduration rtp_use_dynamic rtp_pt_dynamic maxcalls maxload
      maxfiles runuser rungroup systemname autosystemname languageprefix defaultlanguage lockmode minmemfree entityid
      lightbackground forceblackbackground hideconnect lockconfdir stdexten live_dangerously hide_messaging_ami_events
      sounds_search_custom_dir channel_storage_backend disable_remote_console_shell`),
  },
  // cc_max_requests and initialize_cc_devstate_map in main/ccss.c
  "ccss.conf": {
    general: words(`cc_max_requests cc_available_devstate cc_caller_offered_devstate cc_caller_requested_devstate
      cc_active_devstate cc_callee_ready_devstate cc_caller_busy_devstate cc_recalling_devstate cc_complete_devstate
      cc_failed_devstate`),
  },
  // ast_cli_perms_init in main/cli.c: each section is a user or @group
  "cli_permissions.conf": { general: ["default_perm"], "*": ["permit", "deny"] },
  // res/cdrel_custom/config.c: each key is the name of a file
  "cdr_custom.conf": { mappings: ["*"], "*": ["format", "fields"] },
  // pbx_load_config in pbx/pbx_config.c
  "extensions.conf": {
    general: words(
      "static writeprotect autofallthrough extenpatternmatchnew clearglobalvars overrideswitch userscontext",
    ),
    globals: ["*"],
    "*": words("exten same include ignorepat switch lswitch eswitch autohints"),
  },
  // __ast_http_load in main/http.c
  "http.conf": {
    general: [
      ...tlsServer,
      ...words(`servername enabled enablestatic enable_static enable_status bindport bindaddr prefix redirect
        sessionlimit session_inactivity session_keep_alive`),
    ],
    "*": words("type permit deny acl"),
  },
  // load_indications in main/indications.c: each key of a country is the name of a tone
  "indications.conf": { general: words("country"), "*": ["*"] },
  // init_logger_chain and logger_queue_init in main/logger.c: each key of logfiles is the name of a file
  "logger.conf": {
    general: words(`appendhostname display_callids dateformat queue_log queue_log_to_file queue_log_name
      queue_log_realtime_use_gmt exec_after_rotate rotatestrategy rotatetimestamp logger_queue_limit custom_levels`),
    logfiles: ["*"],
  },
  // __init_manager in main/manager.c
  "manager.conf": {
    general: [
      ...tlsServer,
      ...words(`enabled webenabled port bindaddr brokeneventsaction allowmultiplelogin displayconnects timestampevents
        debug httptimeout authtimeout authlimit channelvars disabledevents`),
    ],
    "*": words("secret deny permit acl read write displayconnects allowmultiplelogin writetimeout setvar eventfilter"),
  },
  // loader_config_init in main/loader.c
  "modules.conf": { modules: words("autoload load require noload preload preload-require") },
  // rtp_reload in res/res_rtp_asterisk.c
  "rtp.conf": {
    general:
      words(`rtpstart rtpend rtcpinterval rtpchecksums dtmftimeout strictrtp probation srtpreplayprotection icesupport
      stun_software_attribute stunaddr_reresolve_ttl_0 stunaddr turnaddr turnusername turnpassword dtls_mtu
      ice_acl ice_permit ice_deny ice_blacklist stun_acl stun_permit stun_deny stun_blacklist`),
    ice_host_candidates: ["*"],
  },
};
